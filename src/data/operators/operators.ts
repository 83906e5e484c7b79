/** Operators and their keys, of which only hashes are kept. */
import { DatabaseError } from '../../base/errors';
import type { Executor } from '../engine/database';
import { columns, insertInto, NOTHING, read, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query'>;

const OPERATOR = columns('operators', 'o', ['name', 'scope', 'tenant', 'created_at', 'last_used_at', 'expires_at']);
export type OperatorRow = (typeof OPERATOR)['row'];

export async function findOperatorByKey(db: Reader, keyHash: string): Promise<OperatorRow | undefined> {
  const statement = sql`SELECT ${OPERATOR} FROM operators o WHERE o.key_hash = ${keyHash}`;
  return (await db.query(read('operators.by_key', OPERATOR, statement)))[0];
}

export async function findOperator(db: Reader, name: string): Promise<OperatorRow | undefined> {
  const statement = sql`SELECT ${OPERATOR} FROM operators o WHERE o.name = ${name}`;
  return (await db.query(read('operators.find', OPERATOR, statement)))[0];
}

export async function anyOperator(db: Reader): Promise<boolean> {
  const statement = sql`SELECT ${OPERATOR} FROM operators o ORDER BY o.name LIMIT 1`;
  return (await db.query(read('operators.any', OPERATOR, statement))).length > 0;
}

/** By name; `tenant` undefined = of all tenants. */
export function listOperators(
  db: Reader,
  page: { tenant: string | undefined; after: string; limit: number },
): Promise<OperatorRow[]> {
  const ofTenant = page.tenant === undefined ? NOTHING : sql`AND o.tenant = ${page.tenant}`;
  const statement = sql`SELECT ${OPERATOR} FROM operators o WHERE o.name > ${page.after} ${ofTenant}
    ORDER BY o.name LIMIT ${page.limit}`;
  return db.query(read('operators.list', OPERATOR, statement));
}

/** False where the name is taken. */
export async function addOperator(
  tx: Executor,
  operator: { name: string; scope: string; tenant: string; keyHash: string; expiresAt: number; now: number },
): Promise<boolean> {
  const { keyHash, expiresAt, now, ...rest } = operator;
  const row = { ...rest, key_hash: keyHash, created_at: now, last_used_at: 0, expires_at: expiresAt };
  try {
    await tx.execute(write('operators.add', 'never', insertInto('operators', row)));
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

/** `expiresAt` 0: the key does not expire. */
export async function setOperatorKey(
  tx: Executor,
  name: string,
  key: { keyHash: string; expiresAt: number },
): Promise<boolean> {
  const statement = sql`UPDATE operators SET key_hash = ${key.keyHash}, last_used_at = 0, expires_at = ${key.expiresAt}
    WHERE name = ${name}`;
  return (await tx.execute(write('operators.rotate', 'safe', statement))).affected > 0;
}

export async function removeOperator(tx: Executor, name: string): Promise<boolean> {
  const statement = sql`DELETE FROM operators WHERE name = ${name}`;
  return (await tx.execute(write('operators.remove', 'safe', statement))).affected > 0;
}

/** Notes that the key was used, where that was last noted before `unlessSince`. */
export async function noteOperatorUsed(
  db: Executor,
  use: { keyHash: string; now: number; unlessSince: number },
): Promise<void> {
  const statement = sql`UPDATE operators SET last_used_at = ${use.now}
    WHERE key_hash = ${use.keyHash} AND last_used_at < ${use.unlessSince}`;
  await db.execute(write('operators.used', 'safe', statement));
}
