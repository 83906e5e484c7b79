/** Sign-in by code from the outside: its messages, its refusals, their order and words. */
import { columns, read, sql } from '../../src/data/engine/sql';
import { type CodeService, loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { newPerson, personOf, type SignIn, succeeded } from '../../testkit/people';
import { onBothDatabases, startService } from '../../testkit/service';

let last = 0;
/** A number that no other test uses. */
function freshPhone(): string {
  last += 1;
  return `+8613${String(800_000_000 + last)}`;
}

onBothDatabases((kind) => {
  let service: CodeService;
  beforeAll(async () => {
    service = await startCodeService(kind);
  });
  afterAll(() => service.close());

  /** A phone with a code on its way to it. */
  async function phoneWithCode() {
    const phone = freshPhone();
    const sessionId = await sessionFor(service, { phone });
    return { phone, sessionId, code: service.codeFor(phone) };
  }

  const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

  it('makes the account at the first sign-in and finds it at the next', async () => {
    const first = await phoneWithCode();
    const signIn = succeeded<SignIn>(await loginWith(service, first));
    expect(signIn).toMatchObject({ phone: first.phone, email: '', name: '', userSig: signIn.sdkUserSig });
    expect(signIn.userId).toMatch(/^[1-9]\d*$/);
    expect(typeof signIn.sdkAppId).toBe('number');
    const person = personOf(service, { username: '', salt: '' }, signIn);
    await person.must('auth_users/user_update', { name: 'Alice' });
    const sessionId = await sessionFor(service, { phone: first.phone });
    const again = succeeded<SignIn>(
      await loginWith(service, { phone: first.phone, sessionId, code: service.codeFor(first.phone) }),
    );
    expect(again).toMatchObject({ userId: signIn.userId, name: 'Alice' });
    await person.must('auth_users/user_keepalive');
  });

  it('signs in by mail, in any letters', async () => {
    const sessionId = await sessionFor(service, { email: ' Bob@Example.COM ', phone: '' });
    const code = service.codeFor('bob@example.com');
    const signIn = succeeded<SignIn>(
      await loginWith(service, { email: 'bob@example.com', phone: '', sessionId, code }),
    );
    expect(signIn).toMatchObject({ phone: '', email: 'bob@example.com' });
  });

  it.each([
    ['8613912345601', '+8613912345601'],
    [' 8613912345602', '+8613912345602'],
    ['+86 139-1234-5603', '+8613912345603'],
    ['008613912345604', '+8613912345604'],
    ['13912345605', '+8613912345605'],
  ])('takes the phone number %j for %s', async (spelling, phone) => {
    const sessionId = await sessionFor(service, { phone: spelling });
    const answer = await loginWith(service, { phone: spelling, sessionId, code: service.codeFor(phone) });
    expect(succeeded<SignIn>(answer).phone).toBe(phone);
  });

  it.each([
    ['nothing', {}, 98],
    ['both kinds', { phone: '13800000001', email: 'a@example.com' }, 98],
    ['letters', { phone: 'call me' }, 98],
    ['a mainland number that is none', { phone: '+8612345678901' }, 98],
    ['a short number', { phone: '12345' }, 98],
    ['a country that is not served', { phone: '+15005550006' }, 98],
    ['no mail address', { email: 'nobody' }, 207],
    ['two mail addresses', { email: 'a@example.com,b@example.com' }, 207],
    ['a line break', { email: 'a@example.com\r\nBcc: b@example.com' }, 98],
  ])('sends nothing for %s', async (_what, params, code) => {
    const before = service.written.length;
    const answer = await sendCode(service, params);
    expect([answer.errorCode, answer.data, service.written.length]).toEqual([code, undefined, before]);
  });

  it('a wrong code, another phone and an unknown session are the same error', async () => {
    const { phone, sessionId, code } = await phoneWithCode();
    const stranger = await phoneWithCode();
    const answers = [
      await loginWith(service, { phone, sessionId, code: otherThan(code) }),
      await loginWith(service, { phone: stranger.phone, sessionId, code }),
      await loginWith(service, { phone: freshPhone(), sessionId, code }),
      await loginWith(service, { phone, sessionId: 'A'.repeat(22), code }),
      await loginWith(service, { phone, sessionId: stranger.sessionId, code }),
    ];
    for (const answer of answers) {
      expect(answer.errorMessage).toBe('UserCodeInvalid(200): wrong verification code');
      expect(answer.data).toBeUndefined();
    }
    expect((await loginWith(service, { phone, sessionId, code })).errorCode).toBe(0);
  });

  it('a code is used once', async () => {
    const used = await phoneWithCode();
    expect((await loginWith(service, used)).errorCode).toBe(0);
    const again = await loginWith(service, used);
    expect([again.errorCode, again.errorMessage]).toEqual([202, expect.stringContaining('expired')]);
  });

  it('a code is tried five times, the right one too', async () => {
    const { phone, sessionId, code } = await phoneWithCode();
    const codes: number[] = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      codes.push((await loginWith(service, { phone, sessionId, code: otherThan(code) })).errorCode);
    }
    expect(codes).toEqual([200, 200, 200, 200, 202, 202]);
    expect((await loginWith(service, { phone, sessionId, code })).errorCode).toBe(202);
  });

  it('a code is too old after five minutes', async () => {
    const old = await phoneWithCode();
    service.clock.advance(299_000);
    const wrong = await loginWith(service, { ...old, code: otherThan(old.code) });
    expect(wrong.errorCode).toBe(200);
    service.clock.advance(2_000);
    const answer = await loginWith(service, old);
    expect([answer.errorCode, answer.errorMessage]).toEqual([201, expect.stringContaining('expired')]);
  });

  it('a newer code takes the place of the older one', async () => {
    const older = await phoneWithCode();
    const sessionId = await sessionFor(service, { phone: older.phone });
    expect((await loginWith(service, older)).errorCode).toBe(200);
    expect((await loginWith(service, { ...older, sessionId, code: service.codeFor(older.phone) })).errorCode).toBe(0);
  });

  it('a number for a code has its zeros back', async () => {
    for (;;) {
      const { phone, sessionId, code } = await phoneWithCode();
      if (!code.startsWith('0')) continue;
      expect((await loginWith(service, { phone, sessionId, code: Number(code) })).errorCode).toBe(0);
      break;
    }
  });

  it('stale ids, tokens and tags of an earlier account disturb nothing, and are never 203 or 204', async () => {
    const stale = { userId: '1', token: 'x.y.z', apaasUserId: '', appId: 0, tag: 'im', apaasAppId: '' };
    const phone = freshPhone();
    const sent = await sendCode(service, { ...stale, phone });
    expect(sent.errorCode).toBe(0);
    const { sessionId } = sent.data as { sessionId: string };
    const answer = await loginWith(service, { ...stale, phone, sessionId, code: service.codeFor(phone) });
    expect(succeeded<SignIn>(answer).phone).toBe(phone);
    expect((await service.call('gslb', stale)).errorCode).toBe(0);
  });

  it('no other answer to a sign-in contains words that RTCube searches for', async () => {
    const { phone, sessionId } = await phoneWithCode();
    const answers = [
      await loginWith(service, { phone }),
      await loginWith(service, { phone, sessionId }),
      await loginWith(service, { phone, sessionId, code: { a: 1 } }),
      await loginWith(service, { phone, sessionId, code: '1'.repeat(65) }),
      await loginWith(service, { sessionId, code: '123456' }),
      await loginWith(service, { phone: 'x', sessionId, code: '123456' }),
      await loginWith(service, { email: 'x', sessionId, code: '123456' }),
    ];
    expect(answers.map((answer) => answer.errorCode)).toEqual([98, 98, 98, 98, 98, 98, 207]);
    for (const { errorMessage } of answers) expect(errorMessage).not.toMatch(/code|验证码|expire|过期|失效/i);
  });

  it('an account that is deleted gives its phone number back', async () => {
    const first = await phoneWithCode();
    const signIn = succeeded<SignIn>(await loginWith(service, first));
    await personOf(service, { username: '', salt: '' }, signIn).must('auth_users/user_delete');
    const sessionId = await sessionFor(service, { phone: first.phone });
    const answer = await loginWith(service, { ...first, sessionId, code: service.codeFor(first.phone) });
    expect(succeeded<SignIn>(answer).userId).not.toBe(signIn.userId);
  });

  it('nothing that was sent is in the log or in the tables of codes', async () => {
    const { phone, sessionId, code } = await phoneWithCode();
    await loginWith(service, { phone, sessionId, code: otherThan(code) });
    const db = service.services.database.forRequest();
    const CODE = columns('sign_in_codes', '', ['tenant', 'address_key', 'code_hash', 'used_by']);
    const LIMIT = columns('code_limits', '', ['id']);
    const rows = [
      ...(await db.query(read('test.codes', CODE, sql`SELECT ${CODE} FROM sign_in_codes`))),
      ...(await db.query(read('test.limits', LIMIT, sql`SELECT ${LIMIT} FROM code_limits`))),
    ];
    const kept = `${service.lines.join('')}${JSON.stringify(rows)}`;
    expect(rows.length).toBeGreaterThan(0);
    expect(kept).not.toContain(phone.slice(4));
    expect(kept).not.toMatch(new RegExp(`(^|\\D)${code}(\\D|$)`));
    expect(service.lines.join('')).not.toContain(sessionId);
  });

  it('an account of a name is another one than that of a phone', async () => {
    const person = await newPerson(service);
    const signIn = succeeded<SignIn>(await loginWith(service, await phoneWithCode()));
    expect(signIn.userId).not.toBe(person.userId);
  });
});

describe('gslb', () => {
  it('answers its address and captcha, and never an error', async () => {
    const set = await startService('sqlite', {
      env: { CAPTCHA_APP_ID: '190000001', CAPTCHA_MINI_APP_ID: '190000002' },
    });
    const bare = await startService('sqlite');
    try {
      const asked = { method: 'POST', path: '/prod/base/v1/gslb', headers: { host: 'live.example.com' } };
      expect(await set.ask('function-url-observed', asked)).toMatchObject({
        errorCode: 0,
        data: { service: 'https://live.example.com', captcha_web_appid: 190000001, captcha_wxmini_appid: 190000002 },
      });
      const local = await bare.ask('http', { path: '/base/v1/gslb', headers: { host: '127.0.0.1:9000' } });
      const none = { captcha_web_appid: 0, captcha_wxmini_appid: 0 };
      expect(local).toMatchObject({ errorCode: 0, data: { service: 'http://127.0.0.1:9000', ...none } });
      const hostile = await bare.ask('http', { path: '/base/v1/gslb', headers: { host: 'a/b"c' } });
      expect(hostile.data).toEqual({ service: '', ...none });
    } finally {
      await Promise.all([set.close(), bare.close()]);
    }
  });
});
