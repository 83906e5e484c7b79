/** Beginning and renewing sessions, those of many users in one statement. Each is decided by itself. */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import { addressGroup } from '../../base/ip-addresses';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { sharedLock } from '../engine/dialect';
import { columns, filledUp, list, NOTHING, raw, read, type Sql, sql, write } from '../engine/sql';
import { addressOfRowIsBanned, oneAddressIsBanned } from '../sanctions/sanctions';
import { type LiveSession, provedSession, type SessionKey } from './sessions';

const SESSION = columns('sessions', 's', ['id']);

export interface NewSession {
  userId: number;
  now: number;
  expiresAt: number;
  /** What users.salt held when it was read: whoever signed with it must still be the one it is of. null: none. */
  salt: string | null;
  /** Network address; '' = unknown. */
  address: string;
  /** When the sign-in by code was that makes it. Default: it is made in another way. */
  codeAt?: number;
}

const ID_BYTES = 16;

function newIds(count: number): string[] {
  const bytes = randomBytes(ID_BYTES * count);
  return Array.from({ length: count }, (_, n) => bytes.toString('base64url', n * ID_BYTES, (n + 1) * ID_BYTES));
}

/** A ? alone has no type, and a text would not find the user's number by its index. */
function rowOf(id: string, { userId, now, expiresAt, salt, address, codeAt = 0 }: NewSession): Sql {
  return sql`SELECT ${id} AS id, CAST(${userId} AS SIGNED) AS user_id, CAST(${now} AS SIGNED) AS created_at,
    CAST(${expiresAt} AS SIGNED) AS expires_at, CAST(${codeAt} AS SIGNED) AS code_at, ${salt ?? ''} AS salt, ${address} AS address,
    ${address === '' ? '' : addressGroup(address)} AS address_group`;
}

/** No user has this number. */
const NOBODY: Sql = rowOf('', { userId: 0, now: 0, expiresAt: 0, salt: null, address: '' });

/**
 * Begins sessions, in their order; undefined where the account is gone or banned, where the address is banned, or where the
 * salt is another one by now. Waits for whoever is changing one of the accounts at the moment, so that nobody gets in
 * behind a change that ends sessions.
 */
export async function createSessions(
  db: Executor,
  sessions: readonly NewSession[],
): Promise<readonly (LiveSession | undefined)[]> {
  const ids = newIds(sessions.length);
  const rows = sessions.map((session, n) => rowOf(ids[n] ?? '', session));
  const banned = addressOfRowIsBanned(raw('n.address_group'), raw('u.tenant'), raw('n.created_at'));
  const statement = sql`INSERT INTO sessions (id, user_id, created_at, expires_at, code_at, address)
    SELECT n.id, u.id, n.created_at, n.expires_at, n.code_at, n.address
    FROM (${filledUp(rows, NOBODY, ' UNION ALL ')}) n JOIN users u ON u.id = n.user_id
    WHERE COALESCE(u.salt, '') = n.salt AND u.banned_until <= n.created_at
      AND NOT ${banned} ${sharedLock(db)}`;
  const written = await db.execute(write('sessions.create', 'safe', statement)).catch((error: unknown) => {
    // 128 random bits are taken by nobody but the first try of this statement, whose answer got lost.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return undefined;
    throw error;
  });
  const made = written?.affected === ids.length || (ids.length === 1 && !written) ? ids : await whichOf(db, ids);
  const there = new Set(made);
  return sessions.map(({ userId }, n) => {
    const id = ids[n] ?? '';
    return provedSession({ id, userId }, there.has(id) ? 1 : 0);
  });
}

async function whichOf(db: Executor, ids: readonly string[]): Promise<string[]> {
  const statement = sql`SELECT ${SESSION} FROM sessions s WHERE s.id IN (${list(ids)})`;
  return (await db.query(read('sessions.created', SESSION, statement))).map((row) => row.id);
}

export async function createSession(db: Executor, session: NewSession): Promise<LiveSession | undefined> {
  return (await createSessions(db, [session]))[0];
}

/** As createSessions, for one request. Each is a session of its own, also two of one user. */
export const beginSession = batched<NewSession, LiveSession | undefined>({
  name: 'sign_ins',
  keyOf: (session) => session,
  run: createSessions,
});

export interface Renewal {
  /** Each session at most once. */
  key: SessionKey;
  /** The session is kept at least until then. */
  expiresAt: number;
  /** Network address; '' = unknown. */
  address: string;
}

/** `… WHEN id THEN address …`, filled up as lists are. */
function addressesById(renewals: readonly Renewal[]): Sql {
  const cases = renewals.map(({ key, address }) => sql`WHEN ${key.id} THEN ${address}`);
  return filledUp(cases, cases.at(-1) ?? NOTHING, ' ');
}

/**
 * Keeps sessions of one tenant's users, in their order; undefined where one has ended, or where nobody may sign in from the
 * address. One statement while all of them may; where one may not, a statement for each.
 */
export async function extendSessions(
  db: Executor,
  renewals: readonly Renewal[],
  { tenant, now }: { tenant: string; now: number },
): Promise<readonly (LiveSession | undefined)[]> {
  const keys = renewals.map(({ key }) => key);
  const expiresAt = Math.max(...renewals.map((renewal) => renewal.expiresAt));
  const addresses = renewals.map(({ address }) => address);
  const banned = oneAddressIsBanned(addresses, sql`${tenant}`, now);
  const statement = sql`UPDATE sessions AS s SET expires_at = ${expiresAt}, address = CASE s.id ${addressesById(renewals)} END
    WHERE s.id IN (${list(keys.map(({ id }) => id))}) AND s.user_id IN (${list(keys.map(({ userId }) => userId))})
      AND NOT ${banned}`;
  const { affected } = await db.execute(write('sessions.extend', 'safe', statement));
  if (affected === renewals.length || renewals.length === 1) return keys.map((key) => provedSession(key, affected));
  const single = async (renewal: Renewal) => (await extendSessions(db, [renewal], { tenant, now }))[0];
  return Promise.all(renewals.map(single));
}

export interface TenantRenewal extends Renewal {
  tenant: string;
  now: number;
}

/** As extendSessions, for one request. */
export const renewSession = batched<TenantRenewal, LiveSession | undefined>({
  name: 'token_sign_ins',
  keyOf: ({ key }) => key.id,
  partition: ({ tenant }) => tenant,
  run: (db, renewals) => {
    const now = Math.min(...renewals.map((renewal) => renewal.now));
    return extendSessions(db, renewals, { tenant: renewals[0].tenant, now });
  },
});
