/** Every code of the error table has a real way to be reached, and every error an endpoint declares is reached at it. */

import { ERROR_CODES } from '../../src/base/errors';
import { contract } from '../../src/contract';
import { type Endpoint, needsToken } from '../../src/contract/endpoint';
import { startCodeService } from '../../testkit/codes';
import { startFakeCodesVendor, uploadEnv } from '../../testkit/fake-codes-vendor';
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { goLive, newPerson, signInAgain } from '../../testkit/people';
import { APP_ID, APP_SECRET, DrivenClock, onBothDatabases, type Params, startService } from '../../testkit/service';
import { ENDPOINT_CASES } from './support/cases';
import { at, CODE_WAYS, codeOf, OTHER_WAYS, type Way, type World } from './support/code-ways';
import { HOST_WAYS } from './support/host-ways';
import { IDENTITY_WAYS, JWT_ENV, NO_PROVIDER_ENV, ownToken } from './support/identity-ways';

const path = (endpoint: Endpoint) => endpoint.path;
const everywhere = Object.values<Endpoint>(contract);
/** Endpoints without a good case of parameters: it would send something. */
const SENDING: Readonly<Record<string, Params>> = {
  'auth_users/user_verify_by_picture': { phone: '+8613900001099' },
  'oauth/exchange': { idToken: ownToken('no-database') },
};
const goodParams = (endpoint: Endpoint): Params =>
  SENDING[endpoint.path] ?? ENDPOINT_CASES.find((cases) => cases.endpoint === endpoint.path)?.good ?? {};

/** Errors of every endpoint. */
function common(endpoint: Endpoint): Way[] {
  const noConfig: Way = {
    error: 'SystemError',
    endpoint: path(endpoint),
    reach: (w) => codeOf(at(w.noConfig, w.alice).call(path(endpoint), goodParams(endpoint))),
  };
  if (endpoint.withoutDatabase) {
    const wrongMethod: Way = {
      error: endpoint.invalid,
      endpoint: path(endpoint),
      // No parameter of it can be wrong.
      reach: (w) => codeOf(w.service.ask('http', { method: 'PUT', path: `/base/v1/${path(endpoint)}` })),
    };
    return [noConfig, wrongMethod];
  }
  const ways: Way[] = [
    noConfig,
    {
      error: 'ServiceDBFailed',
      endpoint: path(endpoint),
      reach: async (w) => w.codesWithoutDatabase.get(path(endpoint)) ?? -1,
    },
    {
      error: endpoint.invalid,
      endpoint: path(endpoint),
      // A body that is a list is wrong everywhere.
      reach: (w) => codeOf(w.service.ask('http', { method: 'POST', path: `/base/v1/${path(endpoint)}`, body: '[1]' })),
    },
  ];
  if (endpoint.session === 'none' || endpoint === contract.userLogout) return ways;
  return [
    ...ways,
    {
      error: 'UserTokenInvalid',
      endpoint: path(endpoint),
      reach: (w) => codeOf(w.alice.call(path(endpoint), { ...goodParams(endpoint), token: 'x' })),
    },
    {
      error: 'UserTokenExpired',
      endpoint: path(endpoint),
      reach: (w) => codeOf(at(w.late, w.alice).call(path(endpoint), goodParams(endpoint))),
    },
  ];
}

/** Enters a room while IM fails with the given failure. */
async function enterWhile(world: World, failure: Parameters<FakeIm['fail']>[0]): Promise<number> {
  const person = await newPerson(world.withIm);
  world.im.fail(failure);
  try {
    return await codeOf(person.call('rooms/enter_room', { roomId: person.userId, role: 'anchor' }));
  } finally {
    world.im.clear();
  }
}

const entering = (roomId: string, role: string) => ({ roomId, role });

const SPECIAL: readonly Way[] = [
  {
    error: 'SystemVerifyError',
    endpoint: 'oauth/register',
    reach: (w) => codeOf(w.service.call('oauth/register', { username: w.alice.username, salt: 'somebody-elses-salt' })),
  },
  {
    error: 'SystemVerifyError',
    endpoint: 'oauth/signature',
    reach: (w) => codeOf(w.service.call('oauth/signature', { username: w.alice.username, signature: 'wrong' })),
  },
  {
    error: 'UseInfoEmpty',
    endpoint: 'auth_users/user_update',
    reach: (w) => codeOf(w.alice.call('auth_users/user_update')),
  },
  {
    error: 'UserNotExists',
    endpoint: 'auth_users/user_query',
    reach: (w) => codeOf(w.alice.call('auth_users/user_query', { searchUserId: '99999999' })),
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'oauth/register',
    reach: async (w) => {
      const guess = (salt: string) => codeOf(w.strict.call('oauth/register', { username: w.guessed, salt }));
      await guess('0'.repeat(32));
      for (let index = 0; index < 6; index += 1) await guess('1'.repeat(32));
      return guess('1'.repeat(32));
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'oauth/signature',
    reach: async (w) => {
      const guess = () => codeOf(w.strict.call('oauth/signature', { username: `${w.guessed}2`, signature: 'x' }));
      for (let index = 0; index < 6; index += 1) expect(await guess()).toBe(98);
      return guess();
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'auth_users/user_query',
    reach: async (w) => {
      const person = await newPerson(w.strict);
      const search = () => codeOf(person.call('auth_users/user_query', { searchUserId: person.userId }));
      expect([await search(), await search()]).toEqual([0, 0]);
      const third = await search();
      // Reading oneself is not a search.
      expect(await codeOf(person.call('auth_users/user_query'))).toBe(0);
      return third;
    },
  },
  {
    error: 'RoomNotExists',
    endpoint: 'rooms/room_detail',
    reach: (w) => codeOf(w.alice.call('rooms/room_detail', { roomId: 'nowhere' })),
  },
  {
    error: 'RoomNotExists',
    endpoint: 'rooms/list_users',
    reach: (w) => codeOf(w.alice.call('rooms/list_users', { roomId: 'nowhere' })),
  },
  {
    error: 'RoomNotExists',
    endpoint: 'reports/report_room',
    reach: (w) => codeOf(w.alice.call('reports/report_room', { targetRoomId: 'nowhere', reason: 'x' })),
  },
  {
    error: 'UserNotExists',
    endpoint: 'reports/report_room',
    reach: (w) => {
      const report = { targetRoomId: w.alice.userId, targetUserId: '99999999', reason: 'x' };
      return codeOf(w.bob.call('reports/report_room', report));
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'reports/report_room',
    reach: async (w) => {
      const [person, anchor] = [await newPerson(w.strict), await newPerson(w.strict)];
      await person.must('reports/report_room', { targetRoomId: w.alice.userId, reason: 'x' });
      const targetRoomId = await goLive(anchor);
      return codeOf(person.call('reports/report_room', { targetRoomId, reason: 'x' }));
    },
  },
  {
    error: 'RoomNotExists',
    endpoint: 'rooms/destroy_room',
    reach: (w) => codeOf(w.alice.call('rooms/destroy_room', { roomId: 'nowhere' })),
  },
  {
    error: 'RoomNotExists',
    endpoint: 'rooms/update_room',
    reach: (w) => codeOf(w.alice.call('rooms/update_room', { roomId: 'nowhere', title: 'x' })),
  },
  {
    error: 'RoomNotExists',
    endpoint: 'rooms/enter_room',
    reach: (w) => codeOf(w.bob.call('rooms/enter_room', entering(w.bob.userId, 'audience'))),
  },
  {
    error: 'SystemVerifyError',
    endpoint: 'rooms/enter_room',
    reach: (w) => codeOf(w.alice.call('rooms/enter_room', entering(w.bob.userId, 'anchor'))),
  },
  {
    error: 'SystemVerifyError',
    endpoint: 'rooms/destroy_room',
    reach: (w) => codeOf(w.bob.call('rooms/destroy_room', { roomId: w.alice.userId })),
  },
  {
    error: 'SystemVerifyError',
    endpoint: 'rooms/update_room',
    reach: (w) => codeOf(w.bob.call('rooms/update_room', { roomId: w.alice.userId, title: 'x' })),
  },
  {
    error: 'RoomsUserExists',
    endpoint: 'rooms/enter_room',
    reach: async (w) => {
      const person = await newPerson(w.strict);
      const roomId = await goLive(person);
      return codeOf(person.call('rooms/enter_room', entering(roomId, 'anchor')));
    },
  },
  {
    error: 'UserAlreadyInRooms',
    endpoint: 'rooms/enter_room',
    reach: async (w) => {
      const person = await newPerson(w.strict);
      await goLive(person);
      return codeOf(person.call('rooms/enter_room', entering('another-room', 'anchor')));
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'rooms/enter_room',
    reach: async (w) => {
      const person = await newPerson(w.service);
      const enter = (name: string) => person.call('rooms/enter_room', entering(`${name}-${person.userId}`, 'anchor'));
      for (const name of ['one', 'two', 'three']) expect(await codeOf(enter(name))).toBe(0);
      return codeOf(enter('four'));
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'rooms/generate_roomid',
    reach: async (w) => {
      const person = await newPerson(w.strict);
      for (let count = 0; count < 2; count += 1) await person.must('rooms/generate_roomid');
      return codeOf(person.call('rooms/generate_roomid'));
    },
  },
  { error: 'ServiceUnavailable', endpoint: 'rooms/enter_room', reach: (w) => enterWhile(w, { reset: true }) },
  { error: 'ServiceResponseInvalid', endpoint: 'rooms/enter_room', reach: (w) => enterWhile(w, { garbage: true }) },
  { error: 'ServiceUnknownError', endpoint: 'rooms/enter_room', reach: (w) => enterWhile(w, { errorCode: 10_004 }) },
];

const WAYS: readonly Way[] = [
  ...OTHER_WAYS,
  ...everywhere.flatMap(common),
  ...SPECIAL,
  ...CODE_WAYS,
  ...IDENTITY_WAYS,
  ...HOST_WAYS,
];

onBothDatabases((kind) => {
  let world: World;

  beforeAll(async () => {
    const im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET });
    const service = await startService(kind);
    const late = new DrivenClock();
    late.advance(31 * 86_400_000);
    const options = { sameDatabaseAs: service };
    const still = new DrivenClock();
    still.freeze(Date.now());
    const alice = await newPerson(service);
    const bob = await newPerson(service);
    await goLive(alice);
    const nobody: Record<string, string> =
      kind === 'mysql' ? { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '1' } : { SQLITE_PATH: '/dev/null/nowhere.sqlite' };
    const vendor = await startFakeCodesVendor();
    world = {
      service,
      vendor,
      withUploads: await startService(kind, { ...options, env: { ...uploadEnv(vendor), UPLOADS_PER_DAY: '2' } }),
      im,
      alice,
      bob,
      strict: await startService(kind, {
        ...options,
        env: {
          ROOM_STRICT_ENTRY: 'true',
          USER_QUERY_LIMIT_PER_MINUTE: '2',
          ROOM_IDS_PER_DAY: '2',
          SIGN_IN_FAILURES_PER_MINUTE: '60',
          REPORTS_PER_HOUR: '1',
        },
      }),
      withIm: await startService(kind, { ...options, env: { TIM_ENDPOINT: im.url } }),
      late: await startService(kind, { ...options, clock: late }),
      frozen: await startService(kind, { ...options, clock: still }),
      guessed: `guessed-${kind}`,
      noConfig: await startService(kind, { env: { TRTC_TIM_SECRET: 'xxxxxxxxxxxxxxxx' } }),
      noDatabase: await startService(kind, { env: { ...nobody, ...JWT_ENV } }),
      withIdentity: await startService(kind, { ...options, env: JWT_ENV }),
      noProvider: await startService(kind, { ...options, env: NO_PROVIDER_ENV }),
      codes: await startCodeService(kind, options),
      fewCodes: await startCodeService(kind, {
        ...options,
        env: { CODE_SENDS_PER_ADDRESS_HOUR: '1', CODE_FAILURES_PER_ADDRESS_HOUR: '1' },
      }),
      noVendor: await startService(kind, { ...options, env: { CODE_DELIVERY: 'vendor' } }),
      codesWithoutDatabase: new Map(),
    };
    const asked = everywhere.map(async (endpoint): Promise<[string, number]> => {
      const answer = at(world.noDatabase, alice).call(path(endpoint), goodParams(endpoint));
      return [path(endpoint), await codeOf(answer)];
    });
    world.codesWithoutDatabase = new Map(await Promise.all(asked));
  });

  afterAll(async () => {
    const { service, strict, withIm, late, noConfig, noDatabase, codes, fewCodes, noVendor, withUploads } = world;
    await Promise.all([strict, withIm, late, world.frozen, noConfig, noDatabase].map((one) => one.close()));
    await Promise.all(
      [codes, fewCodes, noVendor, withUploads, world.withIdentity, world.noProvider].map((one) => one.close()),
    );
    await service.close();
    await world.im.stop();
    await world.vendor.stop();
  });

  test.each(WAYS)('$endpoint answers $error', async ({ error, reach }) => {
    expect(await reach(world)).toBe(ERROR_CODES[error]);
  });

  test('IM that does not accept our key is a SystemError(99) about the configuration', async () => {
    expect(await enterWhile(world, { errorCode: 70_009 })).toBe(99);
  });

  test('a second sign-in of the same person is not a second person to the strict policy', async () => {
    const person = await newPerson(world.strict);
    const again = await signInAgain(world.strict, person);
    await goLive(person);
    expect(await codeOf(again.call('rooms/enter_room', { roomId: person.userId, role: 'anchor' }))).toBe(2006);
  });
});

test('every code of the table is reached here', () => {
  const reached = new Set(WAYS.map(({ error }) => error));
  expect([...reached].sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

test('every error that an endpoint declares is reached at that endpoint', () => {
  const reached = new Set(WAYS.map(({ endpoint, error }) => `${endpoint} ${error}`));
  const declared = everywhere.flatMap((endpoint) => [
    `${endpoint.path} ${endpoint.invalid}`,
    ...endpoint.errors.map((error) => `${endpoint.path} ${error}`),
    ...(needsToken(endpoint) ? [`${endpoint.path} UserTokenExpired`, `${endpoint.path} UserTokenInvalid`] : []),
  ]);
  expect(declared.filter((pair) => !reached.has(pair))).toEqual([]);
});

test('the codes are those of the README', () => {
  const table = [
    'SystemVerifyError 98, SystemError 99, ServiceUnavailable 100, ServiceResponseInvalid 101, ServiceSmsFailed 102',
    'ServiceDBFailed 103, ServiceUnknownError 104, UserCodeInvalid 200, UserCodeExpired 201, UserCodeConsumed 202',
    'UserTokenExpired 203, UserTokenInvalid 204, UseInfoEmpty 205, UserNotExists 206, UserEmailInvalid 207',
    'UserQueryParams 208, UserQueryLimit 209, UserOAuthParams 210, UserAlreadyInRooms 211, RoomCreateParams 2000',
    'RoomDestroyParams 2001, RoomQueryParams 2002, RoomLeaveParams 2003, RoomNotExists 2004, RoomsUserExists 2006',
  ];
  const codes = Object.entries(ERROR_CODES).map(([name, code]) => `${name} ${code}`);
  expect(codes).toEqual(table.join(', ').split(', '));
});
