/** Users, their numbers and the ids nobody else gets: the same on both databases. */
import { RequestBudget } from '../../src/base/request-budget';
import { createUser, deleteUser, findUser, findUserByName } from '../../src/data/accounts';
import type { Database } from '../../src/data/engine/database';
import { claimPublicId, generateRoomId, publicId, userNumber } from '../../src/data/public-ids';
import { createSession, deleteExpiredSessions, extendSession, proveSession } from '../../src/data/sessions';
import { onBothDatabases } from '../../testkit/database';

const NOW = Date.UTC(2026, 10, 23);
let names = 0;

function newUser(db: Database, fields: { tenant?: string; username?: string } = {}) {
  const { tenant = '', username = `user ${names++}` } = fields;
  const user = { tenant, username, salt: 's'.repeat(32), name: '', avatar: '', now: NOW };
  return db.transaction((tx) => createUser(tx, user));
}

function take(db: Database, id: number | string, ownerId: number) {
  return claimPublicId(db, { tenant: '', publicId: String(id), ownerId, now: NOW });
}

onBothDatabases((_kind, database) => {
  const db = () => database().request();

  test('numbers users one after the other, and never gives a number again', async () => {
    const first = await newUser(db());
    const second = await newUser(db());
    expect(second.id).toBe(first.id + 1);
    await db().transaction((tx) => deleteUser(tx, second.id));
    const third = await newUser(db());
    expect(third.id).toBe(second.id + 1);
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
    // Numbering goes on behind it.
    expect((await newUser(db())).id).toBeGreaterThan(user.id);
  });

  test('tells names apart by every byte', async () => {
    const spellings = ['Ann', 'ann', 'ann ', ' ann', 'änn', 'a\u0308nn', 'ann\u200b', '安', '😀'];
    const ids = new Set<number>();
    for (const username of spellings) ids.add((await newUser(db(), { username })).id);
    expect(ids.size).toBe(spellings.length);
    for (const username of spellings) {
      expect((await findUserByName(db(), '', username))?.username).toBe(username);
    }
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
    const owner = await createSession(db(), { userId, now: NOW, expiresAt: NOW + 1_000_000 });
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => generateRoomId(db(), owner, { tenant: 'shop', now: NOW })),
    );
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) {
      const number = Number(id.replace(/^shop-/, ''));
      expect(number).toBeGreaterThanOrEqual(100_000_000);
      expect(number).toBeLessThanOrEqual(2_147_483_647);
    }
  });

  test('keeps a session until it is ended or has expired', async () => {
    const { id: userId } = await newUser(db());
    const key = await createSession(db(), { userId, now: NOW, expiresAt: NOW + 1_000 });
    expect(await proveSession(db(), key)).toEqual(key);
    expect(await proveSession(db(), { id: key.id, userId: userId + 1 })).toBeUndefined();
    expect(await extendSession(db(), key, NOW + 5_000)).toEqual(key);
    expect(await deleteExpiredSessions(db(), NOW + 4_000, 10)).toBe(0);
    expect(await deleteExpiredSessions(db(), NOW + 6_000, 10)).toBe(1);
    expect(await proveSession(db(), key)).toBeUndefined();
    expect(await extendSession(db(), key, NOW + 9_000)).toBeUndefined();
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
