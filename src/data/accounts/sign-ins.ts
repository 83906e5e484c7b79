/** Starting and renewing sessions, those of many users in one statement. Each is decided separately. */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import { addressGroup } from '../../base/ip-addresses';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { SHARED_LOCK } from '../engine/dialect';
import { columns, each, int, ints, raw, read, sql, text, texts, write } from '../engine/sql';
import { addressGroups, addressOfRowIsBanned, oneGroupIsBanned } from '../sanctions/sanctions';
import { type LiveSession, provedSession, type SessionKey } from './sessions';

const SESSION = columns('sessions', 's', ['id']);

export interface NewSession {
  userId: number;
  now: number;
  expiresAt: number;
  /** users.salt as it was read: the session starts only if it has not changed since. null: none. */
  salt: string | null;
  /** Network address; '' = unknown. */
  address: string;
  /** The time of the sign-in by code that makes it. Default: 0, it is made in another way. */
  codeAt?: number;
}

const ID_BYTES = 16;

function newIds(count: number): string[] {
  const bytes = randomBytes(ID_BYTES * count);
  return Array.from({ length: count }, (_, n) => bytes.toString('base64url', n * ID_BYTES, (n + 1) * ID_BYTES));
}

function rowOf(id: string, { salt, address, codeAt = 0, userId, now, expiresAt }: NewSession) {
  const group = address === '' ? '' : addressGroup(address);
  return { id, userId, now, expiresAt, codeAt, salt: salt ?? '', address, group };
}

/** No user has the number 0. */
const NO_USER = rowOf('', { userId: 0, now: 0, expiresAt: 0, salt: null, address: '' });
// A ? alone has no type, and a text would not find the user's number by its index.
const NEW_ROW = sql`SELECT ${text('id')} AS id, CAST(${int('userId')} AS SIGNED) AS user_id,
  CAST(${int('now')} AS SIGNED) AS created_at, CAST(${int('expiresAt')} AS SIGNED) AS expires_at,
  CAST(${int('codeAt')} AS SIGNED) AS code_at, ${text('salt')} AS salt, ${text('address')} AS address,
  ${text('group')} AS address_group`;
const CREATE = write(
  'sessions.create',
  'safe',
  sql`INSERT INTO sessions (id, user_id, created_at, expires_at, code_at, address)
    SELECT n.id, u.id, n.created_at, n.expires_at, n.code_at, n.address
    FROM (${each('rows', NEW_ROW, ' UNION ALL ', NO_USER)}) n JOIN users u ON u.id = n.user_id
    WHERE COALESCE(u.salt, '') = n.salt AND u.banned_until <= n.created_at
      AND NOT ${addressOfRowIsBanned(raw('n.address_group'), raw('u.tenant'), raw('n.created_at'))} ${SHARED_LOCK}`,
);
const CREATED = read(
  'sessions.created',
  SESSION,
  sql`SELECT ${SESSION} FROM sessions s WHERE s.id IN (${texts('ids')})`,
);

/**
 * Starts sessions, in their order; undefined if the account was deleted or is banned, if the address is banned, or if the salt
 * has changed. Waits for changes of the accounts in progress, so that no session starts behind a change that ends sessions.
 */
export async function createSessions(
  db: Executor,
  sessions: readonly NewSession[],
): Promise<readonly (LiveSession | undefined)[]> {
  const ids = newIds(sessions.length);
  const rows = sessions.map((session, n) => rowOf(ids[n] ?? '', session));
  const written = await db.execute(CREATE, { rows }).catch((error: unknown) => {
    // Only the first try of this statement, whose answer was lost, can have taken 128 random bits.
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
  return (await db.query(CREATED, { ids })).map((row) => row.id);
}

export async function createSession(db: Executor, session: NewSession): Promise<LiveSession | undefined> {
  return (await createSessions(db, [session]))[0];
}

/** Like createSessions, for one request. Each call creates a new session. */
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

const EXTEND = write(
  'sessions.extend',
  'safe',
  sql`UPDATE sessions AS s SET expires_at = ${int('expiresAt')},
      address = CASE s.id ${each('rows', sql`WHEN ${text('id')} THEN ${text('address')}`, ' ')} END
    WHERE s.id IN (${texts('ids')}) AND s.user_id IN (${ints('userIds')})
      AND NOT ${oneGroupIsBanned(text('tenant'), int('now'))}`,
);

/**
 * Renews sessions of one tenant's users, in their order; undefined if one has ended or its address is banned. One statement if
 * all of them may be renewed, else one each.
 */
export async function extendSessions(
  db: Executor,
  renewals: readonly Renewal[],
  { tenant, now }: { tenant: string; now: number },
): Promise<readonly (LiveSession | undefined)[]> {
  const keys = renewals.map(({ key }) => key);
  const { affected } = await db.execute(EXTEND, {
    tenant,
    now,
    expiresAt: Math.max(...renewals.map((renewal) => renewal.expiresAt)),
    rows: renewals.map(({ key, address }) => ({ id: key.id, address })),
    ids: keys.map(({ id }) => id),
    userIds: keys.map(({ userId }) => userId),
    groups: addressGroups(renewals.map(({ address }) => address)),
  });
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
