/**
 * Moves users, their salts and rooms from the database of the older open backend (TencentServerlessApps/live-room,
 * tables id_generator, users, user_salts, rooms) into this one's. Users keep their userIds and passwords and sign in
 * again once. Reads the old database and never writes to it; writes the new one in a single transaction.
 *
 *   node scripts/migrate-from-legacy.mjs              shows what would be done
 *   node scripts/migrate-from-legacy.mjs --write      does it
 *
 * From the environment or .env: LEGACY_MYSQL_HOST, _PORT, _USER, _PASSWORD, _DB and MYSQL_HOST, _PORT, … of the new one.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { config as loadDotenv } from 'dotenv';
import { createConnection } from 'mysql2/promise';

const batchSize = 500;
/** The largest userId that is not a generated roomId's. */
const largestUserId = 99_999_999;
/** Lengths of the new columns. */
const limits = { username: 255, name: 125, avatar: 512, phone: 32, email: 128, tag: 64, tag2: 64, roomId: 47 };

class MigrationError extends Error {}

function connectionOf(prefix) {
  const read = (name) => process.env[`${prefix}${name}`];
  const missing = ['HOST', 'USER', 'DB'].filter((name) => !read(name)).map((name) => `${prefix}${name}`);
  if (missing.length > 0) throw new MigrationError(`Set ${missing.join(', ')} in .env or the environment.`);
  return createConnection({
    host: read('HOST'),
    port: Number(read('PORT') ?? 3306),
    user: read('USER'),
    password: read('PASSWORD') ?? '',
    database: read('DB'),
    charset: 'utf8mb4',
    // The old columns are DATETIME in UTC without saying so.
    timezone: 'Z',
    supportBigNumbers: true,
  });
}

async function select(connection, sql, parameters = []) {
  const [rows] = await connection.query(sql, parameters);
  return rows;
}

const milliseconds = (date) => (date instanceof Date && !Number.isNaN(date.getTime()) ? date.getTime() : 0);
const text = (value) => (value === null || value === undefined ? '' : String(value));
/** Cuts by characters, not by halves of them. */
const cut = (value, length) => [...text(value)].slice(0, length).join('');
const usernameKey = (username) => createHash('sha256').update(username).digest('base64url');

/** The number of an old user id, which may have the name of a tenant in front: `1046027`, `shop-1046027`. */
function userNumber(userId) {
  const match = /^(?:[A-Za-z0-9_]+-)?([1-9]\d{0,7})$/.exec(text(userId));
  return match ? Number(match[1]) : undefined;
}

/**
 * Finds which generated id belongs to a user name: uuid, phone or e-mail equal to it, else the only uuid that ends in a
 * separator and the name (older clients put something in front).
 */
function indexIds(rows) {
  const exact = new Map();
  const suffix = new Map();
  for (const { id, phone, email, uuid } of rows) {
    for (const value of [uuid, phone, email]) if (value) exact.set(String(value), id);
    const tail = /^.*?[-_:/](.+)$/.exec(text(uuid))?.[1];
    if (tail) suffix.set(tail, suffix.has(tail) ? null : id);
  }
  return (name) => exact.get(name) ?? suffix.get(name) ?? undefined;
}

/** Every old user once, with the salt of the name it signs in with. */
function joinUsers({ users, salts, ids }) {
  const problems = [];
  const idOf = indexIds(ids);
  const saltOf = new Map();
  for (const { name, salt } of salts) {
    const id = name && salt ? idOf(String(name)) : undefined;
    if (id === undefined) problems.push(`the user name of one salt has no id: ${hidden(name)}`);
    else saltOf.set(Number(id), { name: String(name), salt: String(salt) });
  }
  const generated = new Map(ids.map((row) => [Number(row.id), row]));
  const joined = new Map();
  for (const user of users) {
    const id = userNumber(user.userId);
    if (id === undefined) problems.push(`a userId cannot be kept: ${text(user.userId)}`);
    else joined.set(id, user);
  }
  // Registered, and never signed in: there is a salt and no user yet.
  for (const id of saltOf.keys()) if (!joined.has(id)) joined.set(id, {});
  const taken = new Set([...saltOf.values()].map(({ name }) => name));
  const result = [...joined].map(([id, user]) => {
    const account = saltOf.get(id);
    return {
      id,
      salt: account?.salt ?? null,
      username: account?.name ?? freeName(id, user, generated.get(id), taken),
      user,
    };
  });
  return { users: result, problems };
}

/** A user without a salt keeps the name by which nobody else may register: phone, e-mail or the generated uuid. */
function freeName(id, user, generated, taken) {
  const candidates = [user.phone, user.email, generated?.uuid, `legacy-${id}`];
  const name = candidates.find((candidate) => candidate && !taken.has(String(candidate))) ?? `legacy-${id}`;
  taken.add(String(name));
  return String(name);
}

/** Enough to find a name in the old table without showing it in a log. */
const hidden = (name) =>
  `saltId with a name of ${[...text(name)].length} characters, sha256 ${usernameKey(text(name)).slice(0, 8)}`;

function userRow({ id, username, salt, user }) {
  const updated = milliseconds(user.updateUtc) || milliseconds(user.createUtc);
  return [
    id,
    '',
    username,
    usernameKey(username),
    salt,
    cut(user.name, limits.name),
    cut(user.avatar, limits.avatar),
    cut(user.phone, limits.phone),
    cut(user.email, limits.email),
    cut(user.tag, limits.tag),
    cut(user.tag2, limits.tag2),
    milliseconds(user.createUtc),
    updated,
  ];
}

/** Old rooms become closed rooms of their owners: nobody is live while the backends change places. */
function joinRooms(rooms, userIds) {
  const problems = [];
  const result = rooms.flatMap((room) => {
    const owner = userNumber(room.ownBy ?? room.createBy);
    const roomId = text(room.roomId);
    const skip = (why) => {
      problems.push(`room ${roomId} ${why}`);
      return [];
    };
    if (owner === undefined || !userIds.has(owner)) return skip('has no owner that was moved');
    if (roomId === '' || roomId.length > limits.roomId) return skip('has an id that is too long');
    const number = /^\d+$/.test(roomId) ? Number(roomId) : 0;
    if (number <= largestUserId && userIds.has(number) && number !== owner)
      return skip("has another user's id as its id");
    return [{ room, roomId, owner }];
  });
  return { rooms: result, problems };
}

function roomRow({ room, roomId, owner }) {
  const created = milliseconds(room.createUtc);
  const updated = milliseconds(room.updateUtc) || created;
  const times = [created, updated];
  const texts = [
    cut(room.category, 64),
    cut(room.title, 128),
    cut(room.cover, 512),
    cut(room.subject, 128),
    cut(room.description, 1024),
  ];
  return ['', roomId, owner, userNumber(room.updateBy) ?? owner, 1, 0, ...texts, Number(room.star ?? 0), ...times];
}

async function insert(connection, table, columns, rows) {
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize);
    await connection.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [batch]);
  }
}

const noTables = 'The new database has no tables yet. Deploy the service and open its URL once.';

async function connectTarget() {
  try {
    return await connectionOf('MYSQL_');
  } catch (error) {
    throw error.code === 'ER_BAD_DB_ERROR' ? new MigrationError(noTables) : error;
  }
}

async function checkTarget(target) {
  let count;
  try {
    [{ count }] = await select(target, 'SELECT COUNT(*) AS count FROM users WHERE id > 0');
    await select(target, 'SELECT username_key FROM users LIMIT 1');
  } catch {
    throw new MigrationError(noTables);
  }
  if (Number(count) > 0) {
    throw new MigrationError(
      `The new database has ${count} users already. Move into an empty one, so that no id is there twice.`,
    );
  }
}

async function write(target, { users, rooms, highest }) {
  const now = Date.now();
  await target.beginTransaction();
  await insert(
    target,
    'users',
    'id, tenant, username, username_key, salt, name, avatar, phone, email, tag, tag2, created_at, updated_at',
    users.map(userRow),
  );
  await insert(
    target,
    'presence',
    'user_id',
    users.map(({ id }) => [id]),
  );
  const ids = new Map(users.map(({ id }) => [String(id), id]));
  for (const { roomId, owner } of rooms) if (!ids.has(roomId)) ids.set(roomId, owner);
  await insert(
    target,
    'public_ids',
    'tenant, public_id, owner_id, created_at',
    [...ids].map(([id, owner]) => ['', id, owner, now]),
  );
  await insert(
    target,
    'rooms',
    'tenant, room_id, owner_id, updated_by, broadcast_no, status, category, title, cover, subject, description, star, created_at, updated_at',
    rooms.map(roomRow),
  );
  await target.commit();
  // Ids of users who are gone are not given to new ones either. Outside the transaction: MySQL commits before it.
  await target.query(`ALTER TABLE users AUTO_INCREMENT = ${highest + 1}`);
}

async function readLegacy(source) {
  return {
    ids: await select(source, 'SELECT id, phone, email, uuid FROM id_generator'),
    users: await select(
      source,
      'SELECT userId, name, phone, email, avatar, tag, tag2, createUtc, updateUtc FROM users',
    ),
    salts: await select(source, 'SELECT name, salt FROM user_salts'),
    rooms: await select(
      source,
      `SELECT roomId, title, category, createBy, updateBy, ownBy, createUtc, updateUtc, subject, description,
         cover, star FROM rooms`,
    ),
  };
}

async function migrate({ source, target, isReal }) {
  await checkTarget(target);
  const legacy = await readLegacy(source);
  const people = joinUsers(legacy);
  const { rooms, problems } = joinRooms(legacy.rooms, new Set(people.users.map(({ id }) => id)));
  const highest = Math.max(0, ...legacy.ids.map(({ id }) => Number(id)), ...people.users.map(({ id }) => id));
  if (highest >= largestUserId)
    throw new MigrationError(`The old ids go up to ${highest}; this backend has ids up to ${largestUserId}.`);
  const withSalt = people.users.filter(({ salt }) => salt !== null).length;
  for (const problem of [...people.problems, ...problems]) process.stderr.write(`  not moved: ${problem}\n`);
  process.stdout.write(
    `users: ${people.users.length} of ${legacy.users.length} (${withSalt} of ${legacy.salts.length} salts)\n` +
      `rooms: ${rooms.length} of ${legacy.rooms.length}, all closed\n` +
      `next userId: ${highest + 1}\n`,
  );
  if (!isReal) return process.stdout.write('Nothing was written. Run it with --write to do it.\n');
  await write(target, { users: people.users, rooms, highest });
  process.stdout.write('Done. Users sign in again once; tokens of the older backend are not good here.\n');
}

loadDotenv({ path: join(fileURLToPath(new URL('..', import.meta.url)), '.env'), quiet: true });
const open = [];
try {
  const unknown = process.argv.slice(2).find((argument) => argument !== '--write');
  if (unknown) throw new MigrationError(`Unknown option ${unknown}. There is --write and nothing else.`);
  const source = await connectionOf('LEGACY_MYSQL_');
  open.push(source);
  const target = await connectTarget();
  open.push(target);
  await migrate({ source, target, isReal: process.argv.includes('--write') });
} catch (error) {
  process.stderr.write(`${error instanceof MigrationError ? error.message : `${error.code ?? ''} ${error.message}`}\n`);
  process.exitCode = 1;
} finally {
  await Promise.all(open.map((connection) => connection.end()));
}
