/**
 * Codes through the official SDKs and a real SMTP server: what is sent, and what every refusal of a vendor becomes. The
 * vendor is a fake on the loopback that checks signatures and parameters.
 */
import { loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import {
  type FakeCodesVendor,
  MINI_CAPTCHA,
  startFakeCodesVendor,
  vendorEnv,
  WEB_CAPTCHA,
} from '../../testkit/fake-codes-vendor';
import { startMailServer } from '../../testkit/mail-server';
import { type SignIn, succeeded } from '../../testkit/people';
import type { Service } from '../../testkit/service';
import { runBundle } from '../console/support/bundle';

let last = 0;
const freshPhone = () => {
  last += 1;
  return `+8613${String(700_000_000 + last)}`;
};
let tickets = 0;
/** A ticket that the vendor takes once. */
const human = () => {
  tickets += 1;
  return { ticket: `good-${tickets}`, randstr: '@abc' };
};

let vendor: FakeCodesVendor;
let service: Service;
beforeAll(async () => {
  vendor = await startFakeCodesVendor();
  service = await startCodeService('sqlite', { env: vendorEnv(vendor) });
});
afterAll(async () => {
  await service.close();
  await vendor.stop();
});
afterEach(() => vendor.clear());

const logged = (event: string) => service.lines.filter((line) => line.includes(`"${event}"`)).at(-1) ?? '';

describe('what is sent', () => {
  it('an SMS by the approved template, and the code in it signs in', async () => {
    const phone = freshPhone();
    const sessionId = await sessionFor(service, { phone, ...human() });
    expect(vendor.sent.at(-1)).toEqual({ kind: 'sms', to: phone, values: [vendor.codeFor(phone), '5'] });
    expect(vendor.calls.at(-1)).toMatchObject({ action: 'SendSms', region: 'ap-guangzhou' });
    const answer = await loginWith(service, { phone, sessionId, code: vendor.codeFor(phone) });
    expect(succeeded<SignIn>(answer).phone).toBe(phone);
  });

  it('a mail by SES where there is no SMTP server', async () => {
    const email = 'alice@example.com';
    const sessionId = await sessionFor(service, { email, ...human() });
    expect(vendor.sent.at(-1)).toMatchObject({ kind: 'mail', to: email });
    const answer = await loginWith(service, { email, sessionId, code: vendor.codeFor(email) });
    expect(succeeded<SignIn>(answer).email).toBe(email);
  });

  it('an international template abroad, and no signature', async () => {
    const env = { ...vendorEnv(vendor), CODE_COUNTRIES: '+86,+1', SMS_TEMPLATE_ID_ABROAD: '1900002' };
    const abroad = await startCodeService('sqlite', { env });
    expect((await sendCode(abroad, { phone: '+15005550006', ...human() })).errorCode).toBe(0);
    expect(vendor.calls.at(-1)?.body).not.toHaveProperty('SignName');
    await abroad.close();
  });

  it('nothing abroad without an international template', async () => {
    const abroad = await startCodeService('sqlite', { env: { ...vendorEnv(vendor), CODE_COUNTRIES: '*' } });
    const before = vendor.sent.length;
    expect((await sendCode(abroad, { phone: '+15005550006', ...human() })).errorCode).toBe(102);
    expect(vendor.sent.length).toBe(before);
    await abroad.close();
  });

  it('keys of a role are sent with their token', async () => {
    const { TRTC_SECRET_ID = '', TRTC_SECRET_KEY = '', ...rest } = vendorEnv(vendor);
    const role = {
      TENCENTCLOUD_SECRETID: TRTC_SECRET_ID,
      TENCENTCLOUD_SECRETKEY: TRTC_SECRET_KEY,
      TENCENTCLOUD_SESSIONTOKEN: 'role-token',
    };
    const inRole = await startCodeService('sqlite', { env: { ...rest, ...role } });
    expect((await sendCode(inRole, { phone: freshPhone(), ...human() })).errorCode).toBe(0);
    expect(vendor.calls.at(-1)?.token).toBe('role-token');
    await inRole.close();
  });
});

describe('the human check', () => {
  it('asks with our own id and key and the address of the client', async () => {
    await sendCode(service, { phone: freshPhone(), ...human(), appId: '2079625916' });
    const asked = vendor.calls.findLast(({ action }) => action === 'DescribeCaptchaResult');
    expect(asked?.body).toMatchObject({ CaptchaAppId: WEB_CAPTCHA.appId, UserIp: '127.0.0.1', CaptchaType: 9 });
  });

  it('asks the other API for a mini program, which has no randstr', async () => {
    const answer = await sendCode(service, { phone: freshPhone(), ticket: human().ticket, type: 'wxmini' });
    expect(answer.errorCode).toBe(0);
    const asked = vendor.calls.findLast(({ action }) => action === 'DescribeCaptchaMiniResult');
    expect(asked?.body).toMatchObject({ CaptchaAppId: MINI_CAPTCHA.appId });
    expect(asked?.body).not.toHaveProperty('Randstr');
  });

  it.each([
    ['no ticket', {}],
    ['no randstr', { ticket: 'good-without-randstr' }],
    ['a bad ticket', { ticket: 'bad', randstr: 'x' }],
    ['a ticket that RTCube makes up', { ticket: `terror_1001_${WEB_CAPTCHA.appId}_1`, randstr: '@abcdefghijk' }],
    ['a ticket that the vendor makes up', { ticket: `trerror_1001_${WEB_CAPTCHA.appId}_1`, randstr: '@abcdefghijk' }],
  ])('%s is 98, and nothing is sent', async (_what, given) => {
    const before = vendor.sent.length;
    const answer = await sendCode(service, { phone: freshPhone(), ...given });
    expect([answer.errorCode, answer.data, vendor.sent.length]).toEqual([98, undefined, before]);
  });

  it('a ticket is good once', async () => {
    const once = human();
    expect((await sendCode(service, { phone: freshPhone(), ...once })).errorCode).toBe(0);
    expect((await sendCode(service, { phone: freshPhone(), ...once })).errorCode).toBe(98);
  });

  it.each([7, 8, 9, 10, 15, 21, 6, 50])('code %d: the check has to be done again', async (code) => {
    vendor.status('DescribeCaptchaResult', code);
    expect((await sendCode(service, { phone: freshPhone(), ...human() })).errorCode).toBe(98);
  });

  it.each([16, 100])('code %d, a foreign captcha or a wrong key: 98, and the log says so', async (code) => {
    vendor.status('DescribeCaptchaResult', code);
    expect((await sendCode(service, { phone: freshPhone(), ...human() })).errorCode).toBe(98);
    expect(logged('captcha_failed')).toContain(`"verdict":"foreign","code":"${code}"`);
  });

  it.each([
    ['31, arrears', () => vendor.status('DescribeCaptchaResult', 31), '31'],
    [
      'a key that may not ask',
      () => vendor.fail({ command: 'DescribeCaptchaResult', errorCode: 'UnauthorizedOperation.Unauthorized' }),
      'UnauthorizedOperation.Unauthorized',
    ],
  ])('%s: 99, and the log says so', async (_what, happen, code) => {
    happen();
    expect((await sendCode(service, { phone: freshPhone(), ...human() })).errorCode).toBe(99);
    expect(logged('captcha_failed')).toContain(`"verdict":"unpaid","code":"${code}"`);
  });

  it.each([
    ['code 26', () => vendor.status('DescribeCaptchaResult', 26)],
    ['an internal error', () => vendor.fail({ command: 'DescribeCaptchaResult', errorCode: 'InternalError' })],
    ['a reset connection', () => vendor.fail({ command: 'DescribeCaptchaResult', reset: true })],
    ['no answer', () => vendor.fail({ command: 'DescribeCaptchaResult', hang: true })],
    ['nonsense', () => vendor.fail({ command: 'DescribeCaptchaResult', garbage: true })],
  ])(
    '%s lets people on under a tenth of the limits',
    async (_what, happen) => {
      const limits = { CODE_SENDS_PER_IP_HOUR: '20' };
      const limited = await startCodeService('sqlite', { env: { ...vendorEnv(vendor), ...limits } });
      happen();
      const answers = [];
      for (let sends = 1; sends <= 3; sends += 1)
        answers.push(await sendCode(limited, { phone: freshPhone(), ...human() }));
      expect(answers.map(({ errorCode }) => errorCode)).toEqual([0, 0, 209]);
      vendor.clear();
      // Those who are checked have their own.
      expect((await sendCode(limited, { phone: freshPhone(), ...human() })).errorCode).toBe(0);
      await limited.close();
    },
    30_000,
  );

  it('may be set to refuse everybody while it is down, and to take tickets that apps make up', async () => {
    const refusing = await startCodeService('sqlite', { env: { ...vendorEnv(vendor), CAPTCHA_WHEN_DOWN: 'refuse' } });
    vendor.status('DescribeCaptchaResult', 26);
    expect((await sendCode(refusing, { phone: freshPhone(), ...human() })).errorCode).toBe(102);
    await refusing.close();
    const env = { ...vendorEnv(vendor), CAPTCHA_FALLBACK_TICKETS: 'true', CODE_SENDS_PER_IP_HOUR: '10' };
    const lenient = await startCodeService('sqlite', { env });
    const madeUp = () => ({ phone: freshPhone(), ticket: 'terror_1001_190000001_1', randstr: '@abcdefghijk' });
    expect((await sendCode(lenient, madeUp())).errorCode).toBe(0);
    expect((await sendCode(lenient, madeUp())).errorCode).toBe(209);
    await lenient.close();
  });

  it('is never silently off: required without id and key is 102', async () => {
    const { CAPTCHA_APP_ID: _id, CAPTCHA_SECRET: _secret, ...rest } = vendorEnv(vendor);
    const bare = await startCodeService('sqlite', { env: rest });
    const before = vendor.calls.length;
    expect((await sendCode(bare, { phone: freshPhone(), ...human() })).errorCode).toBe(102);
    expect(vendor.calls.length).toBe(before);
    expect(bare.lines.join('')).toContain('"verdict":"unset","code":"CAPTCHA_APP_ID"');
    await bare.close();
  });

  it('costs: how often one client address may fail it is limited', async () => {
    const env = { ...vendorEnv(vendor), CAPTCHA_CHECKS_PER_IP_HOUR: '3' };
    const limited = await startCodeService('sqlite', { env });
    const codes = [];
    for (let checks = 1; checks <= 4; checks += 1) {
      codes.push((await sendCode(limited, { phone: freshPhone(), ticket: 'bad', randstr: 'x' })).errorCode);
    }
    expect(codes).toEqual([98, 98, 98, 209]);
    await limited.close();
  });
});

/** Our code for a refusal, whether it comes as an error of the request or in what is said of the message. */
const SMS: readonly [code: string, ours: number][] = [
  ['InvalidParameterValue.IncorrectPhoneNumber', 98],
  ['FailedOperation.PhoneNumberInBlacklist', 98],
  ['UnsupportedOperation.UnsuportedRegion', 98],
  ['UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber', 98],
  ['LimitExceeded.PhoneNumberDailyLimit', 209],
  ['LimitExceeded.PhoneNumberOneHourLimit', 209],
  ['LimitExceeded.PhoneNumberThirtySecondLimit', 209],
  ['LimitExceeded.PhoneNumberSameContentDailyLimit', 209],
  ['LimitExceeded.DeliveryFrequencyLimit', 209],
  ['LimitExceeded.AppDailyLimit', 102],
  ['LimitExceeded.DailyLimit', 102],
  ['FailedOperation.InsufficientBalanceInSmsPackage', 102],
  ['FailedOperation.SignatureIncorrectOrUnapproved', 102],
  ['FailedOperation.TemplateIncorrectOrUnapproved', 102],
  ['UnauthorizedOperation.SmsSdkAppIdVerifyFail', 102],
  ['InternalError.SendAndRecvFail', 102],
  ['AuthFailure.SecretIdNotFound', 102],
];

describe('what a refusal of SMS becomes', () => {
  it.each(SMS)('%s is %d, as an error and as a status', async (code, ours) => {
    vendor.fail({ command: 'SendSms', errorCode: code, times: 1 });
    const first = await sendCode(service, { phone: freshPhone(), ...human() });
    vendor.status('SendSms', code);
    const second = await sendCode(service, { phone: freshPhone(), ...human() });
    expect([first.errorCode, second.errorCode]).toEqual([ours, ours]);
    for (const { errorMessage, data } of [first, second]) {
      // RTCube takes these for an IoT card, and for a network that is down.
      expect(errorMessage).not.toMatch(/iot|iccid|223|timeout|超时/i);
      expect(data).toBeUndefined();
    }
    expect(logged('code_not_sent')).toContain(`"code":"${code}"`);
  });

  it.each([
    ['no answer', { hang: true }],
    ['a reset connection', { reset: true }],
    ['nonsense', { garbage: true }],
    ['a gateway error', { httpStatus: 502 }],
  ] as const)(
    '%s is 102, within the time an app waits',
    async (_what, failure) => {
      vendor.fail({ command: 'SendSms', ...failure });
      const started = performance.now();
      expect((await sendCode(service, { phone: freshPhone(), ...human() })).errorCode).toBe(102);
      expect(performance.now() - started).toBeLessThan(6_000);
    },
    20_000,
  );
});

describe('what a refusal of SES becomes', () => {
  it.each([
    ['FailedOperation.IncorrectEmail', 207],
    ['FailedOperation.EmailAddrInBlacklist', 207],
    ['FailedOperation.ReceiverHasUnsubscribed', 207],
    ['InvalidParameterValue.IllegalEmailAddress', 207],
    ['FailedOperation.FrequencyLimit', 209],
    ['FailedOperation.ExceedSendLimit', 104],
    ['FailedOperation.InsufficientBalance', 104],
    ['FailedOperation.NotAuthenticatedSender', 104],
    ['InvalidParameterValue.TemplateNotExist', 104],
    ['InternalError', 104],
  ])('%s is %d', async (code, ours) => {
    vendor.fail({ command: 'SendEmail', errorCode: code });
    const answer = await sendCode(service, { email: `${code.toLowerCase()}@example.com`, ...human() });
    expect(answer.errorCode).toBe(ours);
    expect(answer.errorMessage).not.toMatch(/iot|iccid|223|timeout|超时/i);
    expect(logged('code_not_sent')).toContain(`"code":"${code}"`);
  });
});

describe('mail by SMTP', () => {
  const withMail = (url: string) => ({
    ...vendorEnv(vendor),
    SES_TEMPLATE_ID: '',
    CAPTCHA: 'off',
    MAIL_URL: url,
  });

  it.each(['tls', 'starttls'] as const)(
    'goes over %s, with the sender of the settings, and its code signs in',
    async (mode) => {
      const mail = await startMailServer({ mode });
      const mailing = await startCodeService('sqlite', { env: withMail(mail.url) });
      const email = 'bob@example.com';
      const sessionId = await sessionFor(mailing, { email });
      expect(mail.received.at(-1)).toMatchObject({ from: 'no-reply@mail.example.com', to: [email], secure: true });
      const answer = await loginWith(mailing, { email, sessionId, code: mail.codeFor(email) });
      expect(succeeded<SignIn>(answer).email).toBe(email);
      await mailing.close();
      await mail.stop();
    },
  );

  it.each([
    ['a server without TLS', { mode: 'plain' }, undefined],
    ['a wrong password', {}, ['mail-password', 'wrong']],
    ['a certificate that nobody trusts', {}, [/\?.*$/, '']],
    ['a server that is not there', {}, [/127.0.0.1:\d+/, '127.0.0.1:1']],
  ] as const)(
    '%s is 104, the log says why, and no password is anywhere',
    async (_what, options, change) => {
      const mail = await startMailServer(options);
      const url = change ? mail.url.replace(change[0], change[1]) : mail.url;
      const mailing = await startCodeService('sqlite', { env: withMail(url) });
      expect((await sendCode(mailing, { email: 'bob@example.com' })).errorCode).toBe(104);
      expect(mail.received).toEqual([]);
      expect(mailing.lines.join('')).toMatch(/"code_not_sent".*"reason":"failed","code":"\w+/);
      expect(mailing.lines.join('')).not.toMatch(/mail-password|wrong/);
      await mailing.close();
      await mail.stop();
    },
    20_000,
  );

  it('an address that its server does not know is 207', async () => {
    const mail = await startMailServer({ refuse: ['nobody@example.com'] });
    const mailing = await startCodeService('sqlite', { env: withMail(mail.url) });
    expect((await sendCode(mailing, { email: 'nobody@example.com' })).errorCode).toBe(207);
    await mailing.close();
    await mail.stop();
  });
});

it('the built bundle finds its clients beside it', async () => {
  const mail = await startMailServer();
  const application = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' };
  const env = { ...vendorEnv(vendor), SES_TEMPLATE_ID: '', MAIL_URL: mail.url };
  const bundle = await runBundle({ env: { ...application, TIM_ENDPOINT: 'off', TRTC_ENDPOINT: 'off', ...env } });
  const send = (params: Record<string, string>) =>
    fetch(`${bundle.base}base/v1/auth_users/user_verify_by_picture`, {
      method: 'POST',
      body: new URLSearchParams({ ...params, ...human() }),
    });
  const phone = freshPhone();
  await send({ phone });
  await send({ email: 'bundle@example.com' });
  expect(vendor.codeFor(phone)).toMatch(/^\d{6}$/);
  expect(mail.codeFor('bundle@example.com')).toMatch(/^\d{6}$/);
  await bundle.stop();
  await mail.stop();
});

it('no secret, code, ticket or number of all this is in the log', () => {
  const log = service.lines.join('');
  for (const secret of [
    'the-key-of-the-codes',
    'captcha-secret',
    'good-',
    '+8613',
    ...vendor.sent.map(({ to }) => to),
  ]) {
    expect(log).not.toContain(secret);
  }
});
