/** Operators and their keys, of which only hashes are kept. */
import { DatabaseError } from '../../base/errors';
import type { Executor } from '../engine/database';
import { columns, insertInto, int, read, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

const OPERATOR = columns('operators', 'o', ['name', 'scope', 'tenant', 'created_at', 'last_used_at', 'expires_at']);
export type OperatorRow = (typeof OPERATOR)['row'];

const BY_KEY = read(
  'operators.by_key',
  OPERATOR,
  sql`SELECT ${OPERATOR} FROM operators o WHERE o.key_hash = ${text('keyHash')}`,
);

export async function findOperatorByKey(db: Reader, keyHash: string): Promise<OperatorRow | undefined> {
  return (await db.query(BY_KEY, { keyHash }))[0];
}

const FIND = read('operators.find', OPERATOR, sql`SELECT ${OPERATOR} FROM operators o WHERE o.name = ${text('name')}`);

export async function findOperator(db: Reader, name: string): Promise<OperatorRow | undefined> {
  return (await db.query(FIND, { name }))[0];
}

const ANY = read('operators.any', OPERATOR, sql`SELECT ${OPERATOR} FROM operators o ORDER BY o.name LIMIT 1`);

export async function anyOperator(db: Reader): Promise<boolean> {
  return (await db.query(ANY)).length > 0;
}

interface Page {
  tenant: string | undefined;
  after: string;
  limit: number;
}

const listing = variants(({ and }: Shape<Page>) =>
  read(
    'operators.list',
    OPERATOR,
    sql`SELECT ${OPERATOR} FROM operators o WHERE o.name > ${text('after')}
      ${and('tenant', sql`o.tenant = ${text('tenant')}`)} ORDER BY o.name LIMIT ${int('limit')}`,
  ),
);

/** Finds by name; `tenant` undefined = of all tenants. */
export function listOperators(db: Reader, page: Page): Promise<OperatorRow[]> {
  return db.query(listing(page), page);
}

const ADD = write(
  'operators.add',
  'never',
  insertInto('operators', ['name', 'scope', 'tenant', 'key_hash', 'created_at', 'last_used_at', 'expires_at']),
);

/** False if the name is taken. */
export async function addOperator(
  tx: Executor,
  operator: { name: string; scope: string; tenant: string; keyHash: string; expiresAt: number; now: number },
): Promise<boolean> {
  const { keyHash, expiresAt, now, name, scope, tenant } = operator;
  const row = { name, scope, tenant, key_hash: keyHash, created_at: now, last_used_at: 0, expires_at: expiresAt };
  try {
    await tx.execute(ADD, row);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

const ROTATE = write(
  'operators.rotate',
  'safe',
  sql`UPDATE operators SET key_hash = ${text('keyHash')}, last_used_at = 0, expires_at = ${int('expiresAt')}
    WHERE name = ${text('name')}`,
);

/** `expiresAt` 0: the key does not expire. */
export async function setOperatorKey(
  tx: Executor,
  name: string,
  key: { keyHash: string; expiresAt: number },
): Promise<boolean> {
  return (await tx.execute(ROTATE, { name, ...key })).affected > 0;
}

const REMOVE = write('operators.remove', 'safe', sql`DELETE FROM operators WHERE name = ${text('name')}`);

export async function removeOperator(tx: Executor, name: string): Promise<boolean> {
  return (await tx.execute(REMOVE, { name })).affected > 0;
}

const USED = write(
  'operators.used',
  'safe',
  sql`UPDATE operators SET last_used_at = ${int('now')}
    WHERE key_hash = ${text('keyHash')} AND last_used_at < ${int('unlessSince')}`,
);

/** Notes that the key was used, if that was last noted before `unlessSince`. */
export async function noteOperatorUsed(
  db: Executor,
  use: { keyHash: string; now: number; unlessSince: number },
): Promise<void> {
  await db.execute(USED, use);
}
