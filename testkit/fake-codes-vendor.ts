/**
 * A loopback server that behaves as the cloud APIs which sign-in by code calls: captcha, SMS, SES and STS. Checks the TC3
 * signature for real and every request against the SDK's typings, keeps what was sent, and fails on demand.
 */
import { randomUUID } from 'node:crypto';
import { checkModel, ModelError } from './cloud-models';
import { type Failure, FailureSwitches, type FakeReply, type FakeRequest, startFakeServer } from './fake-http';
import { type CloudError, type CloudKey, verifyTc3 } from './tc3';

const CODES_KEY: CloudKey = { secretId: 'AKIDcodes', secretKey: 'the-key-of-the-codes' };
export const WEB_CAPTCHA = { appId: 190_000_001, secret: 'web-captcha-secret' };
export const MINI_CAPTCHA = { appId: 190_000_002, secret: 'mini-captcha-secret' };
const SMS_APP = { appId: '1400900001', sign: '小直播', template: '1900001', abroad: '1900002' };
const SES_TEMPLATE = 26_001;

export interface SentMessage {
  kind: 'sms' | 'mail';
  to: string;
  /** Values of the template, in its order. */
  values: readonly string[];
}

export interface VendorCall {
  action: string;
  region: string;
  body: Readonly<Record<string, unknown>>;
  /** Credentials were temporary ones, with this token. */
  token: string;
}

export interface FakeCodesVendor {
  /** For CAPTCHA_ENDPOINT, SMS_ENDPOINT, SES_ENDPOINT and STS_ENDPOINT alike. */
  readonly url: string;
  readonly calls: readonly VendorCall[];
  readonly sent: readonly SentMessage[];
  /** The newest code that went to an address. */
  codeFor(address: string): string;
  /** Fails the calls of an action (`SendSms`). errorCode is an API error; `status` one inside of an answer. */
  fail(failure: Failure<string>): void;
  /** What SendSms says of the message, or the captcha of a ticket, in place of success. Until clear(). */
  status(action: 'SendSms' | 'DescribeCaptchaResult' | 'DescribeCaptchaMiniResult', code: string | number): void;
  clear(): void;
  stop(): Promise<void>;
}

/** Settings of a service that uses this vendor for everything. */
export function vendorEnv({ url }: Pick<FakeCodesVendor, 'url'>): Record<string, string> {
  return {
    CODE_DELIVERY: 'vendor',
    CAPTCHA: 'required',
    CAPTCHA_APP_ID: String(WEB_CAPTCHA.appId),
    CAPTCHA_SECRET: WEB_CAPTCHA.secret,
    CAPTCHA_MINI_APP_ID: String(MINI_CAPTCHA.appId),
    CAPTCHA_MINI_SECRET: MINI_CAPTCHA.secret,
    CAPTCHA_ENDPOINT: url,
    SMS_ENDPOINT: url,
    SES_ENDPOINT: url,
    SMS_APP_ID: SMS_APP.appId,
    SMS_SIGN: SMS_APP.sign,
    SMS_TEMPLATE_ID: SMS_APP.template,
    MAIL_FROM: 'Live Room <no-reply@mail.example.com>',
    SES_TEMPLATE_ID: String(SES_TEMPLATE),
    TRTC_SECRET_ID: CODES_KEY.secretId,
    TRTC_SECRET_KEY: CODES_KEY.secretKey,
  };
}

/** Settings of a service that gives credentials for uploads. */
export function uploadEnv({ url }: Pick<FakeCodesVendor, 'url'>): Record<string, string> {
  const { TRTC_SECRET_ID = '', TRTC_SECRET_KEY = '' } = vendorEnv({ url });
  return {
    COS_BUCKET: 'covers-1250000000',
    COS_REGION: 'ap-shanghai',
    STS_ENDPOINT: url,
    TRTC_SECRET_ID,
    TRTC_SECRET_KEY,
  };
}

type Body = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

interface Product {
  product: string;
  version: string;
  /** An API without regions refuses none. */
  regions: readonly string[];
}

const PRODUCTS: Readonly<Record<string, Product>> = {
  DescribeCaptchaResult: { product: 'captcha', version: '2019-07-22', regions: [] },
  DescribeCaptchaMiniResult: { product: 'captcha', version: '2019-07-22', regions: [] },
  SendSms: { product: 'sms', version: '2021-01-11', regions: ['ap-guangzhou', 'ap-beijing', 'ap-nanjing'] },
  SendEmail: { product: 'ses', version: '2020-10-02', regions: ['ap-guangzhou', 'ap-hongkong'] },
  GetFederationToken: { product: 'sts', version: '2018-08-13', regions: ['ap-guangzhou'] },
};

class Refused extends Error {
  readonly error: CloudError;
  constructor(Code: string) {
    super(Code);
    this.error = { Code, Message: 'refused by the fake' };
  }
}

class CodesVendor {
  readonly failures = new FailureSwitches<string>();
  readonly statuses = new Map<string, string | number>();
  readonly calls: VendorCall[] = [];
  readonly sent: SentMessage[] = [];
  readonly #usedTickets = new Set<string>();

  respond(request: FakeRequest): FakeReply<string> {
    const action = String(request.headers['x-tc-action'] ?? '');
    const body = JSON.parse(request.body.toString('utf8')) as Body;
    const token = String(request.headers['x-tc-token'] ?? '');
    this.calls.push({ action, region: String(request.headers['x-tc-region'] ?? ''), body, token });
    const failure = this.failures.take(action);
    if (failure?.errorCode !== undefined)
      return this.#reply(undefined, failure, { Code: failure.errorCode, Message: '' });
    try {
      return this.#reply(failure ? {} : this.#execute(request, action, body), failure);
    } catch (error) {
      if (error instanceof ModelError) return this.#reply({}, failure, { Code: error.code, Message: error.message });
      if (error instanceof Refused) return this.#reply({}, failure, error.error);
      throw error;
    }
  }

  #reply(answer: Answer | undefined, failure: Failure<string> | undefined, error?: CloudError): FakeReply<string> {
    const json = { Response: { ...answer, ...(error && { Error: error }), RequestId: randomUUID() } };
    return { json, failure: failure?.errorCode === undefined ? failure : undefined };
  }

  #execute(request: FakeRequest, action: string, body: Body): Answer {
    const known = PRODUCTS[action];
    if (!known || request.headers['x-tc-version'] !== known.version) throw new Refused('InvalidAction');
    const refused = verifyTc3(request, CODES_KEY, known.product);
    if (refused) throw new Refused(refused.Code);
    const region = String(request.headers['x-tc-region'] ?? '');
    if (known.regions.length > 0 && !known.regions.includes(region)) throw new Refused('UnsupportedRegion');
    checkModel({ product: known.product, version: known.version, action }, body);
    if (action === 'SendSms') return this.#sms(body);
    if (action === 'SendEmail') return this.#mail(body);
    if (action === 'GetFederationToken') return this.#federate(body);
    return this.#captcha(action, body);
  }

  /** Tickets that begin with `good` are good, each once. */
  #captcha(action: string, body: Body): Answer {
    const app = action === 'DescribeCaptchaResult' ? WEB_CAPTCHA : MINI_CAPTCHA;
    const { CaptchaType, Ticket, CaptchaAppId, AppSecretKey } = body;
    const status = this.statuses.get(action);
    if (status !== undefined) return { CaptchaCode: status, CaptchaMsg: '' };
    if (CaptchaType !== 9) throw new Refused('InvalidParameter');
    if (CaptchaAppId !== app.appId || AppSecretKey !== app.secret) return { CaptchaCode: 100, CaptchaMsg: '' };
    const ticket = String(Ticket);
    if (!ticket.startsWith('good')) return { CaptchaCode: 15, CaptchaMsg: 'decrypt fail' };
    if (this.#usedTickets.has(ticket)) return { CaptchaCode: 9, CaptchaMsg: 'ticket reused' };
    this.#usedTickets.add(ticket);
    return { CaptchaCode: 1, CaptchaMsg: 'OK', EvilLevel: 0 };
  }

  #sms(body: Body): Answer {
    const { SmsSdkAppId, TemplateId, SignName } = body;
    const [phone] = body['PhoneNumberSet'] as string[];
    const values = body['TemplateParamSet'] as string[];
    const mainland = String(phone).startsWith('+86');
    if (SmsSdkAppId !== SMS_APP.appId) throw new Refused('UnauthorizedOperation.SmsSdkAppIdVerifyFail');
    if (TemplateId !== (mainland ? SMS_APP.template : SMS_APP.abroad)) {
      throw new Refused('FailedOperation.TemplateIncorrectOrUnapproved');
    }
    if (mainland && SignName !== SMS_APP.sign) throw new Refused('FailedOperation.SignatureIncorrectOrUnapproved');
    if (values.length !== 2 || !/^\d{1,6}$/.test(String(values[0]))) {
      throw new Refused('FailedOperation.TemplateParamSetNotMatchApprovedTemplate');
    }
    const status = String(this.statuses.get('SendSms') ?? 'Ok');
    if (status === 'Ok') this.sent.push({ kind: 'sms', to: String(phone), values });
    return { SendStatusSet: [{ SerialNo: randomUUID(), PhoneNumber: phone, Fee: 1, Code: status, Message: status }] };
  }

  #mail(body: Body): Answer {
    const { TemplateID, TemplateData } = body['Template'] as { TemplateID: number; TemplateData: string };
    const [to] = body['Destination'] as string[];
    if (TemplateID !== SES_TEMPLATE) throw new Refused('FailedOperation.NotAuthenticatedSender');
    // The vendor replaces {{code}} and {{minutes}} by these.
    const { code, minutes } = JSON.parse(TemplateData) as { code: string; minutes: string };
    this.sent.push({ kind: 'mail', to: String(to), values: [code, minutes] });
    return { MessageId: randomUUID() };
  }

  #federate(body: Body): Answer {
    const policy: unknown = JSON.parse(decodeURIComponent(String(body['Policy'])));
    if (typeof policy !== 'object' || policy === null) throw new Refused('InvalidParameter.StrategyFormatError');
    const seconds = Number(body['DurationSeconds']);
    const ExpiredTime = Math.floor(Date.now() / 1000) + seconds;
    const Credentials = { Token: 'temporary-token', TmpSecretId: 'AKIDtemporary', TmpSecretKey: 'temporary-key' };
    return { Credentials, ExpiredTime, Expiration: new Date(ExpiredTime * 1000).toISOString() };
  }
}

export async function startFakeCodesVendor(): Promise<FakeCodesVendor> {
  const vendor = new CodesVendor();
  const server = await startFakeServer((request) => vendor.respond(request));
  return {
    url: server.url,
    calls: vendor.calls,
    sent: vendor.sent,
    codeFor(address) {
      const code = vendor.sent.findLast(({ to }) => to === address)?.values[0];
      if (code === undefined) throw new Error(`nothing was sent to ${address}`);
      return code;
    },
    fail: (failure) => vendor.failures.add(failure),
    status: (action, code) => vendor.statuses.set(action, code),
    clear: () => {
      vendor.failures.clear();
      vendor.statuses.clear();
    },
    stop: server.stop,
  };
}
