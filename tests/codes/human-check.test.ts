/** The human check before a code is sent: what the vendor's captcha is asked, and what its answers mean. */
import { sendCode, startCodeService } from '../../testkit/codes';
import {
  type FakeCodesVendor,
  MINI_CAPTCHA,
  startFakeCodesVendor,
  vendorEnv,
  WEB_CAPTCHA,
} from '../../testkit/fake-codes-vendor';
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
  ])('%s lets people on under a tenth of the limits', async (_what, happen) => {
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
  });

  it('may be set to refuse every user while it is down, and to take tickets that apps make up', async () => {
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
