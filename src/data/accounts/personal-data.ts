/** Everything that is stored of one person, by table. Its deletion is in forgetting.ts. */
import { keysOf } from '../../base/fields';
import type { Executor } from '../engine/database';
import { computed, int, join, type Read, raw, read, type Sql, sql, text } from '../engine/sql';
import { PRIVACY, type TablePrivacy } from '../privacy';

export type Exported = Record<string, Record<string, unknown>[]>;

/** Rows of one table that an export gives at most. */
const MOST_ROWS = 10_000;

/** Columns named by PRIVACY, which the compiler compares with the schema. */
function exporting<P>(table: string, { columns }: TablePrivacy, where: Sql<P>) {
  const names = Object.entries(columns).filter(([, privacy]) => privacy !== 'secret');
  const of = computed<Record<string, unknown>>(Object.fromEntries(names.map(([name]) => [name, raw(`t.${name}`)])));
  const statement = sql`SELECT ${of} FROM ${raw(table)} t WHERE ${where} LIMIT ${MOST_ROWS}`;
  return [table, read('users.export', of, statement)] as const;
}

const OF_THEIR_ROOMS = sql`IN (SELECT r.id FROM rooms r WHERE r.owner_id = ${int('id')})`;
const OWNED = keysOf(PRIVACY).flatMap((table) => {
  const of: TablePrivacy = PRIVACY[table];
  const owned = of.owners.map((column) => sql`t.${raw(column)} = ${int('id')}`);
  if (of.rooms !== undefined) owned.push(sql`t.${raw(of.rooms)} ${OF_THEIR_ROOMS}`);
  return owned.length > 0 ? [exporting(table, of, sql`(${join(owned, ' OR ')})`)] : [];
});

const ACTED = sql`(t.operator IN ('host', 'admin') AND INSTR(t.after_text, ${text('actor')}) > 0)`;
const OF_TENANT = sql`t.tenant = ${text('tenant')}`;
const NAMED = [
  exporting(
    'audit',
    PRIVACY.audit,
    sql`${OF_TENANT} AND (t.user_id = ${text('publicId')} OR ${ACTED}) AND t.at >= ${int('since')}`,
  ),
  exporting(
    'outbox',
    PRIVACY.outbox,
    sql`${OF_TENANT} AND t.target = ${text('publicId')} AND t.created_at >= ${int('since')}`,
  ),
  exporting(
    'webhook_events',
    PRIVACY.webhook_events,
    sql`${OF_TENANT} AND INSTR(t.body, ${text('quoted')}) > 0 AND t.created_at >= ${int('since')}`,
  ),
];

/** `since`: earlier rows that name the id are another person's. */
export async function exportPerson(
  db: Executor,
  { tenant, id, publicId, since }: { tenant: string; id: number; publicId: string; since: number },
): Promise<Exported> {
  const found: Exported = {};
  const quoted = JSON.stringify(publicId);
  const values = { tenant, id, publicId, since, quoted, actor: `"byUserId":${quoted}` };
  const all: (readonly [string, Read<Record<string, unknown>, typeof values>])[] = [...OWNED, ...NAMED];
  for (const [table, statement] of all) found[table] = (await db.query(statement, values)).map((row) => ({ ...row }));
  return found;
}
