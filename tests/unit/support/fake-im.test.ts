/** The fake IM itself: it must refuse the requests that the real gateway refuses, or tests against it would prove nothing. */
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { type FakeIm, startFakeIm } from '../../../testkit/fake-im';
import { until } from '../../../testkit/lived';

const sdkAppId = 1_400_000_001;
const secret = 'a'.repeat(64);
const other = { sdkAppId: 20_000_002, secret: 'b'.repeat(64), maxAvChatRooms: 1, requireAccounts: true };

let im: FakeIm;

beforeEach(async () => {
  im = await startFakeIm({ sdkAppId, secret, admin: 'boss' });
  im.addApp(other);
});

afterEach(async () => {
  await im.stop();
});

interface CallOptions {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly app?: { readonly sdkAppId: number; readonly secret: string };
  readonly method?: string;
  readonly rawBody?: string;
}

async function send(path: string, body: unknown, options: CallOptions = {}): Promise<Response> {
  const app = options.app ?? { sdkAppId, secret };
  const query = {
    sdkappid: String(app.sdkAppId),
    identifier: 'boss',
    usersig: new Api(app.sdkAppId, app.secret).genUserSig('boss', 600),
    random: '4294967295',
    contenttype: 'json',
    ...options.query,
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { method = 'POST' } = options;
  const content = method === 'POST' ? { body: options.rawBody ?? JSON.stringify(body) } : {};
  return fetch(`${im.url}/v4/${path}?${new URLSearchParams(given)}`, { method, ...content });
}

async function call(path: string, body: unknown, options?: CallOptions): Promise<Record<string, unknown>> {
  const response = await send(path, body, options);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

const create = (fields: object, options?: CallOptions) =>
  call('group_open_http_svc/create_group', { Type: 'AVChatRoom', Name: 'room', ...fields }, options);
const room = { GroupId: 'room_1', Owner_Account: 'anchor' };

describe('the gateway of the fake IM', () => {
  const sigOf = (app: number, key: string, user: string, seconds: number) =>
    new Api(app, key).genUserSig(user, seconds);

  test.each<[string, CallOptions, number]>([
    ['a call without sdkappid', { query: { sdkappid: undefined } }, 60012],
    ['an unknown app', { query: { sdkappid: '7' } }, 60006],
    ['another content type', { query: { contenttype: undefined } }, 60002],
    ['a random number above 32 bits', { query: { random: '4294967296' } }, 60002],
    ['a fraction as random number', { query: { random: '0.5' } }, 60002],
    ['no identifier', { query: { identifier: undefined } }, 60004],
    ['no signature', { query: { usersig: undefined } }, 70002],
    ['a damaged signature', { query: { usersig: 'eJw' } }, 70003],
    ['a signature by another key', { query: { usersig: sigOf(sdkAppId, 'c'.repeat(64), 'boss', 600) } }, 70009],
    ['a signature for another app', { query: { usersig: sigOf(other.sdkAppId, other.secret, 'boss', 600) } }, 70014],
    ['a signature for another user', { query: { usersig: sigOf(sdkAppId, secret, 'anchor', 600) } }, 70013],
    ['an expired signature', { query: { usersig: sigOf(sdkAppId, secret, 'boss', 0) } }, 70001],
    [
      'a user who is no administrator',
      { query: { identifier: 'anchor', usersig: sigOf(sdkAppId, secret, 'anchor', 600) } },
      60010,
    ],
    ['a body that is not JSON', { rawBody: 'Type=AVChatRoom' }, 60003],
    ['an empty body', { rawBody: '' }, 60003],
    ['GET', { method: 'GET' }, 60002],
  ])('refuses %s and changes nothing', async (_what, options, code) => {
    expect(await create(room, options)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
    expect(im.groups(sdkAppId).size).toBe(0);
  });

  test('refuses an unknown command', async () => {
    expect(await call('group_open_http_svc/make_group', {})).toMatchObject({ ErrorCode: 60009 });
  });

  test('records every call, the refused ones too', async () => {
    await create(room);
    await create(room, { query: { usersig: 'x' } });
    expect(im.calls).toHaveLength(2);
    expect(im.calls[0]).toMatchObject({ command: 'create_group', sdkAppId, body: { GroupId: 'room_1' } });
  });
});

describe('the groups of the fake IM', () => {
  test('are made once: again by the owner is 10025, by another 10021, without an owner 10021', async () => {
    expect(await create(room)).toEqual({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', GroupId: 'room_1' });
    expect(await create(room)).toMatchObject({ ErrorCode: 10025 });
    expect(await create({ ...room, Owner_Account: 'thief' })).toMatchObject({ ErrorCode: 10021 });
    expect(await create({ GroupId: 'room_1' })).toMatchObject({ ErrorCode: 10021 });
    expect(im.groups(sdkAppId).get('room_1')).toMatchObject({ owner: 'anchor', type: 'AVChatRoom', name: 'room' });
  });

  test('end once: again is 10010', async () => {
    await create(room);
    expect(await call('group_open_http_svc/destroy_group', { GroupId: 'room_1' })).toMatchObject({ ErrorCode: 0 });
    expect(await call('group_open_http_svc/destroy_group', { GroupId: 'room_1' })).toMatchObject({ ErrorCode: 10010 });
    expect(im.groups(sdkAppId).size).toBe(0);
  });

  test.each<[string, object, number]>([
    ['a name of 31 bytes', { Name: '直播间直播间直播间直!' }, 10004],
    ['no name', { Name: '' }, 10004],
    ['an unknown type', { Type: 'Live' }, 10004],
    ['a reserved id', { GroupId: '@TGS#1' }, 10015],
    ['an id of 49 bytes', { GroupId: 'r'.repeat(49) }, 10015],
    ['an id that is not ASCII', { GroupId: '房间' }, 10015],
    ['members at creation', { MemberList: [{ Member_Account: 'x' }] }, 10007],
  ])('are refused with %s', async (_what, fields, code) => {
    expect(await create({ ...room, ...fields })).toMatchObject({ ErrorCode: code });
  });

  test('take a name of 30 bytes', async () => {
    expect(await create({ ...room, Name: '直播间直播间直播间直' })).toMatchObject({ ErrorCode: 0 });
  });

  test('take no members from the server when they are AVChatRooms', async () => {
    await create(room);
    const body = { GroupId: 'room_1', MemberList: [{ Member_Account: 'viewer' }] };
    expect(await call('group_open_http_svc/add_group_member', body)).toMatchObject({ ErrorCode: 10007 });
    expect(await call('group_open_http_svc/delete_group_member', body)).toMatchObject({ ErrorCode: 10004 });
  });

  test('name their owner', async () => {
    await create(room);
    const answer = await call('group_open_http_svc/get_group_info', { GroupIdList: ['room_1', 'room_2'] });
    expect(answer['GroupInfo']).toEqual([
      expect.objectContaining({ GroupId: 'room_1', Owner_Account: 'anchor', ErrorCode: 0 }),
      expect.objectContaining({ GroupId: 'room_2', ErrorCode: 10010 }),
    ]);
  });

  test('of one app are invisible to another, and limited by its plan', async () => {
    await create(room);
    await call('im_open_login_svc/account_import', { UserID: 'anchor' }, { app: other });
    expect(await create(room, { app: other })).toMatchObject({ ErrorCode: 0 });
    expect(await create({ ...room, GroupId: 'room_2' }, { app: other })).toMatchObject({ ErrorCode: 10036 });
    expect([im.groups(sdkAppId).size, im.groups(other.sdkAppId).size]).toEqual([1, 1]);
  });
});

describe('the accounts of the fake IM', () => {
  test('are imported by UserID, and again without harm', async () => {
    const path = 'im_open_login_svc/account_import';
    expect(await call(path, { UserID: '7', Nick: '小明' })).toMatchObject({ ErrorCode: 0 });
    expect(await call(path, { UserID: '7', Nick: '大明' })).toMatchObject({ ErrorCode: 0 });
    expect(await call(path, { Identifier: '8' })).toMatchObject({ ErrorCode: 70402 });
    expect([...im.accounts(sdkAppId)]).toEqual([['7', { nick: '大明', faceUrl: '' }]]);
  });

  test('must exist before they own a group if the app insists on it', async () => {
    expect(await create(room, { app: other })).toMatchObject({ ErrorCode: 10019 });
  });

  test('have the online status that the test gives them', async () => {
    im.setOnlineStatus(sdkAppId, '7', 'Online');
    const answer = await call('openim/query_online_status', { To_Account: ['7', '8'] });
    expect(answer['QueryResult']).toEqual([
      { To_Account: '7', Status: 'Online' },
      { To_Account: '8', Status: 'Offline' },
    ]);
  });
});

describe('the failures of the fake IM', () => {
  test('answer an error code for the requested number of times and keep the state', async () => {
    im.fail({ command: 'create_group', errorCode: 60008, times: 1 });
    expect(await call('im_open_login_svc/account_import', { UserID: '7' })).toMatchObject({ ErrorCode: 0 });
    expect(await create(room)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 60008 });
    expect(im.groups(sdkAppId).size).toBe(0);
    expect(await create(room)).toMatchObject({ ErrorCode: 0 });
  });

  test('can lose the answer of a call that worked', async () => {
    im.fail({ reset: true, applied: true, times: 1 });
    await expect(create(room)).rejects.toThrow();
    expect(await create(room)).toMatchObject({ ErrorCode: 10025 });
  });

  test('can be a bad gateway, and garbage under status 200', async () => {
    im.fail({ httpStatus: 502, times: 1 });
    im.fail({ garbage: true });
    expect((await send('group_open_http_svc/create_group', room)).status).toBe(502);
    const broken = await send('group_open_http_svc/create_group', room);
    expect(broken.status).toBe(200);
    await expect(broken.json()).rejects.toThrow();
    im.clear();
    expect(await create(room)).toMatchObject({ ErrorCode: 0 });
  });

  test('can hang until the server stops, and be slow but right', async () => {
    im.fail({ delayMs: 120, times: 1 });
    const before = Date.now();
    expect(await create(room)).toMatchObject({ ErrorCode: 0 });
    expect(Date.now() - before).toBeGreaterThanOrEqual(115);
    im.fail({ hang: true });
    const waiting = create(room);
    const cut = expect(waiting).rejects.toThrow();
    await until('the call arrives', () => im.calls.length === 2);
    await im.stop();
    await cut;
  });
});
