/** How callbacks are accepted and answered. Their effect on presence is in events.test.ts. */

import { columns, sql } from '../../src/data/engine/sql';
import { handleEvent } from '../../src/http/scf-event';
import { newPerson } from '../../testkit/people';
import { APP_ID, startService, useService, whenReady } from '../../testkit/service';
import { look } from '../../testkit/statements';
import {
  CALLBACK_ENV,
  IM_TOKEN,
  imCallback,
  roomEvent,
  stateChange,
  TRTC_KEY,
  trtcCallback,
} from '../../testkit/vendor';
import { overHttp } from '../../testkit/ways';

const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
const other = { apaasAppId: 'shop', sdkAppId: 1_400_000_777, secret: 'another-secret-0123456789abcdef' };
const TENANTS = JSON.stringify([
  { ...other, imCallbackToken: 'shop-token', trtcCallbackKey: 'shopKey' },
  { ...other, apaasAppId: 'mute', sdkAppId: 1_400_000_888 },
]);

function refusals(lines: readonly string[]): { reason: string; tenant: string }[] {
  return lines.map((line) => JSON.parse(line)).filter((line) => line.event === 'callback_refused');
}

describe('callbacks', () => {
  const service = useService('sqlite', { env: { ...CALLBACK_ENV, TENANTS } });
  // A callback has 800 ms, which making the tables takes on a busy machine.
  beforeAll(() => whenReady(service()));
  const login = () => stateChange('1', 'Login', service().clock.now());
  const enter = () => roomEvent({ type: 103, roomId: 1, userId: '1', at: service().clock.now() });

  test('answers a signed IM callback as IM wants it, with and without a stage in the path', async () => {
    for (const path of ['/base/v1/callbacks/im', '/prod/base/v1/callbacks/im', '//base/v1/callbacks/im/']) {
      const answer = await imCallback(service(), login(), { path });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject(OK);
      expect(answer.headers['content-type']).toContain('application/json');
    }
  });

  test('answers a signed TRTC callback with HTTP 200 and less than 2000 bytes', async () => {
    for (const path of ['/base/v1/callbacks/trtc', '/release/base/v1/callbacks/trtc']) {
      const answer = await trtcCallback(service(), enter(), { path });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({ code: 0 });
      expect(JSON.stringify(answer.headers).length + answer.text.length).toBeLessThan(2000);
    }
  });

  test('takes the names of the query in any case', async () => {
    const { clock } = service();
    const requestTime = String(Math.floor(clock.now() / 1000));
    const { createHash } = await import('node:crypto');
    const sign = createHash('sha256').update(`${IM_TOKEN}${requestTime}`).digest('hex');
    const query = [
      ['SdkAppId', String(APP_ID)],
      ['sign', sign],
      ['requestTime', requestTime],
    ] as const;
    const answer = await overHttp(service(), {
      method: 'POST',
      path: '/base/v1/callbacks/im',
      query,
      body: JSON.stringify(login()),
    });
    expect(answer.status).toBe(200);
  });

  test('accepts and ignores commands and events that it does not know', async () => {
    const { clock } = service();
    for (const body of [
      { CallbackCommand: 'Group.CallbackBeforeSendMsg', GroupId: '1' },
      { CallbackCommand: 'Something.New' },
      { CallbackCommand: 'constructor' },
      { CallbackCommand: 'State.StateChange', Info: { Action: 'Sleep', To_Account: '1' } },
      { CallbackCommand: 'State.StateChange' },
      { CallbackCommand: 'Group.CallbackOnMemberStateChange', GroupId: 7, MemberList: 'nobody' },
      {},
    ]) {
      expect((await imCallback(service(), body)).status).toBe(200);
    }
    const now = clock.now();
    for (const body of [
      { EventGroupId: 2, EventType: 204, CallbackTs: now, EventInfo: { RoomId: 1, UserId: '1' } },
      { EventGroupId: 1, EventType: 199, CallbackTs: now, EventInfo: {} },
      { EventGroupId: 1, EventType: 104, CallbackTs: now },
      roomEvent({ type: 104, roomId: 'no-such-room', userId: 'nobody', at: now }),
    ]) {
      expect((await trtcCallback(service(), body)).status).toBe(200);
    }
  });

  test('refuses IM callbacks that are not shown to be from IM, and says why in one line without a secret', async () => {
    const { clock, lines } = service();
    const now = Math.floor(clock.now() / 1000);
    const cases = [
      [{ signed: false }, 'not_signed', ''],
      [{ token: 'wrong' }, 'bad_signature', ''],
      [{ requestTime: now - 62 }, 'stale', ''],
      [{ requestTime: now + 62 }, 'stale', ''],
      [{ sdkAppId: 5 }, 'unknown_app', ''],
      [{ sdkAppId: other.sdkAppId }, 'bad_signature', 'shop'],
      [{ sdkAppId: 1_400_000_888 }, 'no_token_configured', 'mute'],
    ] as const;
    for (const [options, reason, tenant] of cases) {
      lines.length = 0;
      const answer = await imCallback(service(), login(), options);
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.text)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: reason });
      expect(refusals(lines)).toEqual([expect.objectContaining({ reason, tenant })]);
      expect(lines.join('')).not.toContain(IM_TOKEN);
    }
  });

  test('refuses TRTC callbacks in the same way', async () => {
    const { clock, lines } = service();
    const late = roomEvent({ type: 103, roomId: 1, userId: '1', at: clock.now() - 121_000 });
    const cases = [
      [enter(), { sign: '' }, 'not_signed', ''],
      [enter(), { key: 'wrong' }, 'bad_signature', ''],
      [late, {}, 'stale', ''],
      [enter(), { sdkAppId: 5 }, 'unknown_app', ''],
      [enter(), { sdkAppId: 1_400_000_888 }, 'no_key_configured', 'mute'],
    ] as const;
    for (const [body, options, reason, tenant] of cases) {
      lines.length = 0;
      expect((await trtcCallback(service(), body, options)).status).toBe(403);
      expect(refusals(lines)).toEqual([expect.objectContaining({ reason, tenant })]);
      expect(lines.join('')).not.toContain(TRTC_KEY);
    }
  });

  test('answers 400 to signed nonsense and 405 to a GET', async () => {
    expect((await imCallback(service(), {}, { rawBody: 'not json' })).status).toBe(400);
    expect((await imCallback(service(), {}, { rawBody: '[1]' })).status).toBe(400);
    expect((await trtcCallback(service(), { EventGroupId: 1 })).status).toBe(400);
    expect((await overHttp(service(), { path: '/base/v1/callbacks/im' })).status).toBe(405);
  });

  test('comes in through an SCF event as well, the raw body intact', async () => {
    const { createHmac } = await import('node:crypto');
    const body = JSON.stringify(enter(), null, '\t');
    const sign = createHmac('sha256', TRTC_KEY).update(body).digest('base64');
    const event = {
      httpMethod: 'POST',
      path: '/base/v1/callbacks/trtc',
      headers: { Sign: sign, SdkAppId: String(APP_ID), 'content-type': 'application/json' },
      body,
      queryString: {},
    };
    expect((await handleEvent(service().app, event)).statusCode).toBe(200);
    const encoded = { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
    expect((await handleEvent(service().app, encoded)).statusCode).toBe(200);
  });

  test("a tenant's callback touches its own users only", async () => {
    const person = await newPerson(service(), { extra: { apaasAppId: 'shop' } });
    const at = service().clock.now();
    const event = stateChange(person.userId, 'Disconnect', at);
    const asDefault = await imCallback(service(), event);
    const asShop = await imCallback(service(), event, { token: 'shop-token', sdkAppId: other.sdkAppId });
    expect([asDefault.status, asShop.status]).toEqual([200, 200]);
    const column = columns('presence', 'p', ['event_at']);
    const ofShop = sql`SELECT ${column} FROM presence p JOIN users u ON u.id = p.user_id WHERE u.tenant = 'shop'`;
    const rows = await look(service().services.database.forRequest(), column, ofShop);
    expect(rows).toEqual([{ event_at: at }]);
  });
});

test('without a configured secret nothing is believed', async () => {
  const service = await startService('sqlite');
  try {
    const at = service.clock.now();
    expect((await imCallback(service, stateChange('1', 'Login', at), { token: '' })).status).toBe(403);
    expect((await trtcCallback(service, roomEvent({ type: 103, roomId: 1, userId: '1', at }))).status).toBe(403);
    expect(refusals(service.lines).map(({ reason }) => reason)).toEqual(['no_token_configured', 'no_key_configured']);
  } finally {
    await service.close();
  }
});
