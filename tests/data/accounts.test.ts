/** Users, their numbers and the ids no other caller gets: the same on both databases. */

import { createHash } from 'node:crypto';
import { RequestBudget } from '../../src/base/request-budget';
import { deleteUser } from '../../src/data/accounts/account-deletion';
import { createUser, findUser, findUsersByName } from '../../src/data/accounts/accounts';
import { foldUsername, giveToBackend, walkUsers } from '../../src/data/accounts/credentials';
import { claimPublicId, generateRoomId, publicId, userNumber } from '../../src/data/accounts/public-ids';
import {
  deleteExpiredSessions,
  type LiveSession,
  proveSession,
  proveSessions,
  type SessionKey,
} from '../../src/data/accounts/sessions';
import { createSession, createSessions, extendSessions, repeatedSignIn } from '../../src/data/accounts/sign-ins';
import { accountName } from '../../src/data/accounts/user-names';
import type { Database } from '../../src/data/engine/database';
import { columns, sql, write } from '../../src/data/engine/sql';
import { addSanction, storeBan } from '../../src/data/sanctions/sanctions';
import { onBothDatabases, PERSON_HASHES } from '../../testkit/database';
import { idStep } from '../../testkit/mysql-server';
import { look, rowsInto } from '../../testkit/statements';

const NOW = Date.UTC(2026, 10, 23);
const SALT = 's'.repeat(32);
const ADDRESSES = columns('sessions', 's', ['id', 'address']);
let names = 0;

const findUserByName = async (db: Database, tenant: string, name: string) =>
  (await findUsersByName(db, [accountName(tenant, name)]))[0];

function newUser(db: Database, fields: { tenant?: string; username?: string } = {}) {
  const { tenant = '', username = `user ${names++}` } = fields;
  const user = { tenant, username, salt: SALT, name: '', avatar: '', now: NOW, hashes: PERSON_HASHES };
  return db.transaction((tx) => createUser(tx, user));
}

async function newSession(
  db: Database,
  session: { userId: number; now: number; expiresAt: number },
): Promise<LiveSession> {
  const made = await createSession(db, { address: '', ...session, salt: SALT });
  if (!made) throw new Error('no session');
  return made;
}

function take(db: Database, id: number | string, ownerId: number) {
  return claimPublicId(db, { tenant: '', publicId: String(id), ownerId, now: NOW });
}

onBothDatabases((_kind, database) => {
  const db = () => database().request();

  test('numbers users one after the other, and never gives a number again', async () => {
    const first = await newUser(db());
    const second = await newUser(db());
    expect(second.id).toBe(first.id + idStep);
    const session = await newSession(db(), { userId: second.id, now: NOW, expiresAt: NOW + 1 });
    expect(
      await db().transaction((tx) =>
        deleteUser(tx, { ...session, id: 'another' }, { now: NOW, hashes: PERSON_HASHES }),
      ),
    ).toBe(false);
    expect(await findUser(db(), '', second.id)).toMatchObject({ id: second.id });
    expect(await db().transaction((tx) => deleteUser(tx, session, { now: NOW, hashes: PERSON_HASHES }))).toBe(true);
    expect(await findUser(db(), '', second.id)).toBeUndefined();
    const third = await newUser(db());
    expect(third.id).toBe(second.id + idStep);
    expect(await take(db(), second.id, first.id)).toBe(false);
  });

  test('skips numbers that are taken as roomIds, a long row of them in few steps', async () => {
    const owner = await newUser(db());
    const taken = Array.from({ length: 40 }, (_, index) => owner.id + 1 + index);
    for (const id of taken) expect(await take(db(), id, owner.id)).toBe(true);
    const budget = new RequestBudget();
    const user = await newUser(database().request(budget));
    // Six or seven steps of three statements; one by one it would be forty.
    expect(budget.queries).toBeLessThan(30);
    expect(taken).not.toContain(user.id);
    expect(user.id).toBeGreaterThan(owner.id);
    // Numbering continues behind it.
    expect((await newUser(db())).id).toBeGreaterThan(user.id);
  });

  test('treats spellings that look similar as one name', async () => {
    const ann = await newUser(db(), { username: 'Ännchen' });
    for (const username of ['ännchen', 'ÄNNCHEN ', ' a\u0308nnchen', 'änn\u200bchen', 'Ａ\u0308nnchen']) {
      expect((await findUserByName(db(), '', username))?.id).toBe(ann.id);
      await expect(newUser(db(), { username })).rejects.toMatchObject({ kind: 'duplicate' });
    }
    for (const username of ['annchen', 'ännchen2', '安', '😀']) {
      expect(await findUserByName(db(), '', username)).toBeUndefined();
      await newUser(db(), { username });
    }
  });

  test('finds accounts of 1.0.0, which compared names byte by byte, by their exact spelling', async () => {
    const insert = (username: string, id: number) => {
      const key = createHash('sha256').update(username).digest('base64url');
      const row = { id, tenant: 'old', username, username_key: key, salt: SALT };
      return db().execute(write('test.user', 'safe', rowsInto('users', row)));
    };
    await insert('Bea', 900_001);
    await insert('bea', 900_002);
    await insert('Cleo', 900_003);
    const [first, , third] = await walkUsers(db(), 900_000, 10);
    if (!first || !third) throw new Error('the accounts are not there');
    // The name is bea's; Bea keeps the exact key. Cleo has no double.
    expect(await foldUsername(db(), first)).toBe(false);
    expect(await foldUsername(db(), third)).toBe(true);
    expect((await findUserByName(db(), 'old', 'Bea'))?.id).toBe(900_001);
    expect((await findUserByName(db(), 'old', 'bea'))?.id).toBe(900_002);
    expect((await findUserByName(db(), 'old', 'cleo'))?.id).toBe(900_003);
  });

  test('gives no session to a former owner of the account', async () => {
    const user = await newUser(db());
    const session = { userId: user.id, now: NOW, expiresAt: NOW + 1_000_000 };
    const before = await newSession(db(), session);
    await db().transaction((tx) => giveToBackend(tx, { id: user.id, username: user.username, now: NOW }));
    expect(await proveSession(db(), before)).toBeUndefined();
    expect(await createSession(db(), { address: '', ...session, salt: SALT })).toBeUndefined();
    expect(await createSession(db(), { address: '', ...session, salt: null })).toBeDefined();
  });

  test('refuses a name twice in one tenant and knows it nowhere else', async () => {
    const user = await newUser(db(), { username: 'once', tenant: 'shop' });
    await expect(newUser(db(), { username: 'once', tenant: 'shop' })).rejects.toMatchObject({ kind: 'duplicate' });
    expect(await findUserByName(db(), '', 'once')).toBeUndefined();
    expect(await findUser(db(), '', user.id)).toBeUndefined();
    expect((await findUser(db(), 'shop', user.id))?.username).toBe('once');
  });

  test('makes roomIds above every userId, each for its owner', async () => {
    const { id: userId } = await newUser(db());
    const owner = await newSession(db(), { userId, now: NOW, expiresAt: NOW + 1_000_000 });
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => generateRoomId(db(), owner, { tenant: 'shop', now: NOW })),
    );
    expect(new Set(ids).size).toBe(20);
    const unknown = { id: 'no-such-session', userId };
    expect(await generateRoomId(db(), unknown, { tenant: 'shop', now: NOW })).toBeUndefined();
    for (const id of ids) {
      const number = Number(id?.replace(/^shop-/, ''));
      expect(number).toBeGreaterThanOrEqual(100_000_000);
      expect(number).toBeLessThanOrEqual(2_147_483_647);
    }
  });

  test('begins and renews many sessions concurrently, each decided on its own', async () => {
    const [good, changed, banned, away] = [await newUser(db()), await newUser(db()), await newUser(db()), 999_999];
    const address = '203.0.113.7';
    const of = {
      tenant: '',
      kind: 'ban',
      until: NOW + 60_000,
      reason: 'r',
      by: 'op',
      now: NOW,
      hashes: PERSON_HASHES,
    } as const;
    await db().transaction(async (tx) => {
      await addSanction(tx, { ...of, userId: banned.id });
      await storeBan(tx, banned.id, NOW);
      await addSanction(tx, { ...of, userId: 0, address });
    });
    const asked = { now: NOW, expiresAt: NOW + 1_000_000, salt: SALT, address: '203.0.113.8' };
    const sessions = await createSessions(db(), [
      { ...asked, userId: good.id },
      { ...asked, userId: changed.id, salt: 'another' },
      { ...asked, userId: banned.id },
      { ...asked, userId: away },
      { ...asked, userId: good.id, address },
      { ...asked, userId: good.id, address: '' },
    ]);
    expect(sessions.map((session) => session?.userId)).toEqual([good.id, ...Array(4), good.id]);
    const [first, last] = [sessions[0], sessions[5]];
    if (!first || !last) throw new Error('no session');
    expect(await proveSessions(db(), [first, last])).toEqual([first, last]);

    // Signed ones of which one is left out, without others in the statement.
    const signed = (text: string, ts: number) => ({ ...asked, userId: good.id, signature: { text, ts } });
    const both = await createSessions(db(), [signed('a', NOW), { ...signed('b', NOW), userId: banned.id }]);
    // It is unknown which of the two the statement started: the repeated signature shows it.
    expect(both).toEqual([undefined, undefined]);
    expect(await repeatedSignIn(db(), signed('a', NOW))).toMatchObject({ userId: good.id });
    expect(await repeatedSignIn(db(), { ...signed('b', NOW), userId: banned.id })).toBeUndefined();

    const renew = (...renewals: [key: SessionKey, address: string][]) => {
      const all = renewals.map(([key, from]) => ({ key, expiresAt: NOW + 2_000_000, address: from }));
      return extendSessions(db(), all, { tenant: '', now: NOW });
    };
    expect(await renew([first, '203.0.113.9'], [last, '203.0.113.10'])).toEqual([first, last]);
    // lastAddressOf is no use here: three sessions of the user began in the same millisecond.
    const addresses = await look(
      db(),
      ADDRESSES,
      sql`SELECT ${ADDRESSES} FROM sessions s WHERE s.user_id = ${good.id}`,
    );
    const addressOf = new Map(addresses.map(({ id, address }) => [id, address]));
    expect([addressOf.get(first.id), addressOf.get(last.id)]).toEqual(['203.0.113.9', '203.0.113.10']);
    const ended = { id: 'x'.repeat(22), userId: good.id };
    expect(await renew([first, ''], [ended, ''], [last, address])).toEqual([first, undefined, undefined]);
  });

  test('keeps a session until it is ended or has expired', async () => {
    const { id: userId } = await newUser(db());
    const key = await newSession(db(), { userId, now: NOW, expiresAt: NOW + 1_000 });
    expect(await proveSession(db(), key)).toEqual(key);
    expect(await proveSession(db(), { id: key.id, userId: userId + 1 })).toBeUndefined();
    const extend = (expiresAt: number) =>
      extendSessions(db(), [{ key, expiresAt, address: '' }], { tenant: '', now: NOW });
    expect(await extend(NOW + 5_000)).toEqual([key]);
    expect(await deleteExpiredSessions(db(), NOW + 4_000, 10)).toBe(0);
    expect(await deleteExpiredSessions(db(), NOW + 6_000, 10)).toBe(1);
    expect(await proveSession(db(), key)).toBeUndefined();
    expect(await extend(NOW + 9_000)).toEqual([undefined]);
  });
});

test.each([
  ['', 12, '12'],
  ['shop', 12, 'shop-12'],
])('knows user %j/%d in public as %s', (tenant, id, text) => {
  expect(publicId(tenant, id)).toBe(text);
  expect(userNumber(tenant, text)).toBe(id);
});

test.each([
  ['', 'shop-12'],
  ['shop', '12'],
  ['shop', 'other-12'],
  ['', '012'],
  ['', '100000000'],
  ['', '-1'],
  ['', '1e3'],
])('finds no user of tenant %j in %s', (tenant, text) => {
  expect(userNumber(tenant, text)).toBeUndefined();
});
