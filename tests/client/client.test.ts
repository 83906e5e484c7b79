/** The typed client against a real service over HTTP, and as the package entry that is built from it. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallRecord,
  LiveRoomClient,
  LiveRoomError,
  NOT_AN_ANSWER,
  type SignedOutReason,
  saltOf,
  signatureOf,
  UNREACHABLE,
} from '../../client/src/index';
import { type Service, useService } from '../../testkit/service';

const service = useService('sqlite');
const clients: LiveRoomClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function baseUrlOf({ port }: Service): string {
  return `http://127.0.0.1:${port}`;
}

interface Seen {
  client: LiveRoomClient;
  records: CallRecord[];
  signedOut: SignedOutReason[];
}

function open(options: { keepaliveMs?: number; baseUrl?: string; timeoutMs?: number } = {}): Seen {
  const records: CallRecord[] = [];
  const signedOut: SignedOutReason[] = [];
  const client = new LiveRoomClient({
    baseUrl: baseUrlOf(service()),
    keepaliveMs: 0,
    onCall: (record) => records.push(record),
    onSignedOut: (reason) => signedOut.push(reason),
    ...options,
  });
  clients.push(client);
  return { client, records, signedOut };
}

let names = 0;
async function signedIn(options: { keepaliveMs?: number } = {}): Promise<Seen & { username: string }> {
  const seen = open(options);
  names += 1;
  const username = `client-${names}`;
  await seen.client.register(username, 'password');
  await seen.client.signIn({ username, password: 'password' });
  return { ...seen, username };
}

async function failureOf(promise: Promise<unknown>): Promise<LiveRoomError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LiveRoomError) return error;
  throw new Error('it did not fail with a LiveRoomError');
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('the md5 recipe', () => {
  it('makes the salt and the signature as the API documents them, in UTF-8', () => {
    expect(saltOf('user', 'xxx')).toBe(md5('user-xxx'));
    expect(saltOf('用户', '密码')).toBe(md5('用户-密码'));
    expect(signatureOf({ username: 'user', secret: saltOf('user', 'xxx') })).toBe(md5(`user----${md5('user-xxx')}`));
    const parts = { username: '用户', secret: 's', tag: 'player', ts: '1634543466000', nonce: 'n' };
    expect(signatureOf(parts)).toBe(md5('用户-player-1634543466000-n-s'));
  });
});

describe('a session', () => {
  it('is made by registering and signing in, with the profile that was given', async () => {
    const { client } = open({ baseUrl: `${baseUrlOf(service())}/` });
    await client.register('爱丽丝', 'secret 密码');
    const session = await client.signIn({ username: '爱丽丝', password: 'secret 密码', nickname: 'Alice' });
    expect(session.userId).toMatch(/^[1-9]\d*$/);
    expect(client.session).toBe(session);
    expect(await client.api.userQuery()).toMatchObject({ userId: session.userId, name: 'Alice' });
  });

  it('is refused with code 98 for a wrong password, and none is kept', async () => {
    const { client, username } = await signedIn();
    client.close();
    const error = await failureOf(client.signIn({ username, password: 'wrong' }));
    expect([error.code, error.call]).toEqual([98, 'signature']);
    expect(error.requestId).not.toBe('');
    expect(error.message).toContain('SystemVerifyError(98)');
    expect(client.session).toBeUndefined();
  });

  it('is continued with at the next start, with a new token', async () => {
    const first = (await signedIn()).client;
    const saved = { userId: first.session?.userId ?? '', token: first.session?.token ?? '' };
    const { client } = open();
    const session = await client.resume(saved);
    expect(session.userId).toBe(saved.userId);
    expect(session.token).not.toBe(saved.token);
    expect(await client.api.queryRoom()).toEqual([]);
  });

  it('ends with signing out, in the service too', async () => {
    const { client, signedOut } = await signedIn();
    const token = client.session?.token ?? '';
    await client.signOut();
    expect([client.session, signedOut]).toEqual([undefined, ['signed-out']]);
    expect((await failureOf(open().client.resume({ userId: '', token }))).code).toBe(204);
  });

  it('is forgotten when the service refuses its token, and not for other errors', async () => {
    const { client, signedOut, records } = await signedIn();
    expect((await failureOf(client.api.roomDetail({ roomId: '404' }))).code).toBe(2004);
    expect(signedOut).toEqual([]);
    const body = { userId: client.session?.userId, token: client.session?.token };
    await service().call('auth_users/user_logout', body);
    expect((await failureOf(client.api.userKeepalive())).code).toBe(204);
    expect([client.session, signedOut]).toEqual([undefined, ['refused']]);
    expect(records.at(-1)).toMatchObject({ name: 'userKeepalive', status: 200, answer: { errorCode: 204 } });
  });

  it('ends with the account', async () => {
    const { client, signedOut, username } = await signedIn();
    await client.deleteAccount();
    expect([client.session, signedOut]).toEqual([undefined, ['deleted']]);
    expect((await failureOf(client.signIn({ username, password: 'password' }))).code).toBe(98);
  });
});

describe('the keepalive', () => {
  it('sends heartbeats while signed in and stops with the session', async () => {
    const { client, records } = await signedIn({ keepaliveMs: 40 });
    const heartbeats = () => records.filter(({ name }) => name === 'userKeepalive').length;
    while (heartbeats() < 3) await sleep(10);
    await client.signOut();
    const after = heartbeats();
    await sleep(400);
    // One may have been on its way.
    expect(heartbeats() - after).toBeLessThanOrEqual(1);
  });
});

describe('rooms', () => {
  it('are opened, found, entered, changed, left and ended by typed calls', async () => {
    const anchor = (await signedIn()).client;
    const viewer = (await signedIn()).client;
    const roomId = anchor.session?.userId ?? '';
    expect(await anchor.api.enterRoom({ roomId, role: 'anchor', title: 'Hello' })).toEqual({ roomId, role: 'anchor' });
    await anchor.api.updateRoom({ roomId, title: 'Hello again', subject: '生活' });
    await viewer.api.enterRoom({ roomId, role: 'audience' });
    const [room] = await viewer.api.queryRoom({ roomIds: [roomId], startUtc: '2020-01-01 00:00:00', limit: 1 });
    expect(room).toMatchObject({ roomId, title: 'Hello again', nnUsers: 2, totalJoined: 2 });
    expect(await viewer.api.listUsers({ roomId })).toHaveLength(2);
    expect(await viewer.api.leaveRoom({ roomId })).toBeUndefined();
    expect((await anchor.api.roomDetail({ roomId })).nnUsers).toBe(1);
    await anchor.api.destroyRoom({ roomId });
    expect((await failureOf(viewer.api.roomDetail({ roomId }))).code).toBe(2004);
  });
});

describe('an address without the service', () => {
  it('is distinguished from an error of the service', async () => {
    const { client } = open({ baseUrl: 'http://127.0.0.1:1' });
    expect((await failureOf(client.register('a', 'b'))).code).toBe(UNREACHABLE);
  });

  it('is distinguished when it answers with something else, or with nothing in time', async () => {
    const server = createServer((message, reply) => {
      if (message.url?.startsWith('/slow')) return;
      reply.end(message.url?.startsWith('/json') ? '{"code":0}' : '<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    try {
      expect((await failureOf(open({ baseUrl }).client.register('a', 'b'))).code).toBe(NOT_AN_ANSWER);
      const other = open({ baseUrl: `${baseUrl}/json` });
      expect((await failureOf(other.client.register('a', 'b'))).code).toBe(NOT_AN_ANSWER);
      const slow = open({ baseUrl: `${baseUrl}/slow`, timeoutMs: 50 });
      expect((await failureOf(slow.client.register('a', 'b'))).code).toBe(UNREACHABLE);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
