/** Codes by mail over a real SMTP server, and from the built bundle with its clients next to it. */
import { loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { type FakeCodesVendor, startFakeCodesVendor, vendorEnv } from '../../testkit/fake-codes-vendor';
import { startMailServer } from '../../testkit/mail-server';
import { type SignIn, succeeded } from '../../testkit/people';
import { runBundle } from '../console/support/bundle';
import { freshPhone, human } from './support/senders';

let vendor: FakeCodesVendor;
beforeAll(async () => {
  vendor = await startFakeCodesVendor();
});
afterAll(async () => {
  await vendor.stop();
});
afterEach(() => vendor.clear());

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
    ['an untrusted certificate', {}, [/\?.*$/, '']],
    ['a server that is not there', {}, [/127.0.0.1:\d+/, '127.0.0.1:1']],
  ] as const)('%s is 104, the log says why, and no password is anywhere', async (_what, options, change) => {
    const mail = await startMailServer(options);
    const url = change ? mail.url.replace(change[0], change[1]) : mail.url;
    const mailing = await startCodeService('sqlite', { env: withMail(url) });
    expect((await sendCode(mailing, { email: 'bob@example.com' })).errorCode).toBe(104);
    expect(mail.received).toEqual([]);
    expect(mailing.lines.join('')).toMatch(/"code_not_sent".*"reason":"failed","code":"\w+/);
    expect(mailing.lines.join('')).not.toMatch(/mail-password|wrong/);
    await mailing.close();
    await mail.stop();
  });

  it('an address that its server does not know is 207', async () => {
    const mail = await startMailServer({ refuse: ['refused@example.com'] });
    const mailing = await startCodeService('sqlite', { env: withMail(mail.url) });
    expect((await sendCode(mailing, { email: 'refused@example.com' })).errorCode).toBe(207);
    await mailing.close();
    await mail.stop();
  });
});

it('the built bundle finds its clients next to it', async () => {
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
