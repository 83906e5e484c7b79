/**
 * Codes through the official SDKs: their requests, and our code for every refusal of SMS and SES. The
 * vendor is a fake on the loopback that checks signatures and parameters.
 */
import { loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { type FakeCodesVendor, startFakeCodesVendor, vendorEnv } from '../../testkit/fake-codes-vendor';
import { lived } from '../../testkit/lived';
import { type SignIn, succeeded } from '../../testkit/people';
import type { Service } from '../../testkit/service';
import { freshPhone, human } from './support/senders';

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

describe('requests', () => {
  it('an SMS by the approved template, and the code in it signs in', async () => {
    const phone = freshPhone();
    const sessionId = await sessionFor(service, { phone, ...human() });
    expect(vendor.sent.at(-1)).toEqual({ kind: 'sms', to: phone, values: [vendor.codeFor(phone), '5'] });
    expect(vendor.calls.at(-1)).toMatchObject({ action: 'SendSms', region: 'ap-guangzhou' });
    const answer = await loginWith(service, { phone, sessionId, code: vendor.codeFor(phone) });
    expect(succeeded<SignIn>(answer).phone).toBe(phone);
  });

  it('a mail by SES if there is no SMTP server', async () => {
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

/** Our code for a refusal, as an error of the request or in the status of the message. */
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

describe('refusals of SMS', () => {
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
  ] as const)('%s is 102, within the time an app waits', async (_what, failure) => {
    vendor.fail({ command: 'SendSms', ...failure });
    const { result, ms } = await lived(sendCode(service, { phone: freshPhone(), ...human() }));
    expect(result.errorCode).toBe(102);
    expect(ms).toBeLessThan(6_000);
  });
});

describe('refusals of SES', () => {
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
