/** Starting and renewing sessions, those of many users in one statement. Each is decided separately. */
import { hash, randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import { addressGroup } from '../../base/ip-addresses';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { SHARED_LOCK } from '../engine/dialect';
import { both, columns, each, int, ints, joined, nullable, raw, read, sql, text, texts, write } from '../engine/sql';
import { addressGroups, addressOfRowIsBanned, oneGroupIsBanned } from '../sanctions/conditions';
import { type LiveSession, provedSession, type SessionKey } from './sessions';
import type { AccountName } from './user-names';

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
  /** Starts at most one session. null: none, or one without ts, which starts a session each time. */
  signature?: Signature | null;
}

/** A signature with the time at which it was made. */
export interface Signature {
  text: string;
  /** ms since 1970, by the clock of the phone or backend that signed. */
  ts: number;
}

const ID_BYTES = 16;
/** Characters of an id. */
const ID_LENGTH = 22;

/** The session that a signature of this user starts: always the same id, so that no other can start. */
function signedId(userId: number, signature: Signature): string {
  return hash('sha256', JSON.stringify([userId, signature.text]), 'base64url').slice(0, ID_LENGTH);
}

function rowOf({ salt, address, codeAt = 0, userId, now, expiresAt, signature }: NewSession) {
  const id = signature ? signedId(userId, signature) : randomBytes(ID_BYTES).toString('base64url');
  const group = addressGroup(address);
  return { id, userId, now, expiresAt, codeAt, salt: salt ?? '', address, group, signedTs: signature?.ts ?? 0 };
}

/** No user has the number 0. */
const NO_USER = rowOf({ userId: 0, now: 0, expiresAt: 0, salt: null, address: '' });
// A ? has no type, and a text would not find the user's number by its index.
const NEW_ROW = sql`SELECT ${text('id')} AS id, CAST(${int('userId')} AS SIGNED) AS user_id,
  CAST(${int('now')} AS SIGNED) AS created_at, CAST(${int('expiresAt')} AS SIGNED) AS expires_at,
  CAST(${int('codeAt')} AS SIGNED) AS code_at, ${text('salt')} AS salt, ${text('address')} AS address,
  ${text('group')} AS address_group, CAST(${int('signedTs')} AS SIGNED) AS signed_ts`;
const CREATE = write(
  'sessions.create',
  'safe',
  sql`INSERT INTO sessions (id, user_id, created_at, expires_at, code_at, address, signed_ts)
    SELECT n.id, u.id, n.created_at, n.expires_at, n.code_at, n.address, n.signed_ts
    FROM (${each('rows', NEW_ROW, ' UNION ALL ', NO_USER)}) n JOIN users u ON u.id = n.user_id
    WHERE COALESCE(u.salt, '') = n.salt AND u.banned_until <= n.created_at
      AND (n.signed_ts = 0 OR n.signed_ts > u.signed_out_ts)
      AND NOT ${addressOfRowIsBanned(raw('n.address_group'), raw('u.tenant'), raw('n.created_at'))} ${SHARED_LOCK}`,
);
const CREATED = read(
  'sessions.created',
  SESSION,
  sql`SELECT ${SESSION} FROM sessions s WHERE s.id IN (${texts('ids')})`,
);

type NewRow = ReturnType<typeof rowOf>;

const isSigned = ({ signedTs }: NewRow) => signedTs > 0;

/** Which of the sessions were started. One that is signed was not if the first try of its statement, whose answer was lost, started it. */
async function startAll(db: Executor, rows: readonly NewRow[]): Promise<readonly boolean[]> {
  let written: number | 'duplicate' = 'duplicate';
  try {
    written = (await db.execute(CREATE, { rows })).affected;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind !== 'duplicate') throw error;
  }
  if (written === rows.length) return Array<boolean>(rows.length).fill(true);
  // No request but the first try of this statement can have taken 128 random bits.
  if (rows.length === 1) return [written === 'duplicate' && !rows.some(isSigned)];
  const startOne = async (row: NewRow) => (await startAll(db, [row]))[0] === true;
  if (written === 'duplicate') return Promise.all(rows.map(startOne));
  const fresh = rows.filter((row) => !isSigned(row)).map(({ id }) => id);
  const found = fresh.length > 0 ? await db.query(CREATED, { ids: fresh }) : [];
  const there = new Set(found.map((row) => row.id));
  // A signed id that exists may be that of an earlier session: what it does alone decides.
  return Promise.all(rows.map((row) => (isSigned(row) ? startOne(row) : there.has(row.id))));
}

/**
 * Starts sessions, in their order; undefined if the account was deleted or is banned, if the address is banned, if the salt
 * has changed, or if the signature has been used (repeatedSignIn). Waits for changes of the accounts in progress, so that no
 * session starts behind a change that ends sessions.
 */
export async function createSessions(
  db: Executor,
  sessions: readonly NewSession[],
): Promise<readonly (LiveSession | undefined)[]> {
  const rows = sessions.map(rowOf);
  const started = await startAll(db, rows);
  return rows.map(({ id, userId }, n) => provedSession({ id, userId }, started[n] ? 1 : 0));
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

const STARTED = columns('sessions', 's', ['id', 'created_at', 'address']);
const USED = both(columns('users', 'u', ['signed_out_ts']), nullable(STARTED));
const READ_USED = read(
  'sessions.signed',
  USED,
  sql`SELECT ${USED} FROM users u LEFT JOIN sessions s ON s.id = ${text('id')} AND s.user_id = u.id
    WHERE u.id = ${int('userId')}`,
);

/** A repeat within this time from the same address is the same sign-in: its answer was lost (ms). */
const REPEAT_MS = 15_000;

/**
 * The effect of a signature that started no session. A session: it started this one a moment ago, from the same address.
 * 'used': it signed in before, or is older than one whose session has ended. undefined: neither.
 */
export async function repeatedSignIn(
  db: Executor,
  { userId, now, address, signature }: NewSession,
): Promise<LiveSession | 'used' | undefined> {
  if (!signature) return undefined;
  const id = signedId(userId, signature);
  const [row] = await db.query(READ_USED, { id, userId });
  const started = row && joined(STARTED, row);
  if (!started) return row && signature.ts <= row.signed_out_ts ? 'used' : undefined;
  const isRepeat = started.created_at > now - REPEAT_MS && addressGroup(started.address) === addressGroup(address);
  return isRepeat ? provedSession({ id, userId }, 1) : 'used';
}

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

/** The same as extendSessions, for one request. */
export const renewSession = batched<TenantRenewal, LiveSession | undefined>({
  name: 'token_sign_ins',
  keyOf: ({ key }) => key.id,
  partition: ({ tenant }) => tenant,
  run: (db, renewals) => {
    const now = Math.min(...renewals.map((renewal) => renewal.now));
    return extendSessions(db, renewals, { tenant: renewals[0].tenant, now });
  },
});

const ADDRESS = columns('sessions', 's', ['address']);
const ADDRESSES = read(
  'sessions.addresses_of_name',
  ADDRESS,
  sql`SELECT ${ADDRESS} FROM users u JOIN sessions s ON s.user_id = u.id
    WHERE u.tenant = ${text('tenant')} AND u.username_key IN (${texts('keys')})`,
);

/** The client addresses of the sessions of the account with this name. */
export async function addressesOfSessions(db: Executor, { tenant, keys }: AccountName): Promise<readonly string[]> {
  const rows = await db.query(ADDRESSES, { tenant, keys });
  return rows.map(({ address }) => address);
}
