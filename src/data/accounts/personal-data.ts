/** Everything that is stored of one person, by table. Its deletion is in forgetting.ts. */
import { keysOf } from '../../base/fields';
import type { Executor } from '../engine/database';
import { computed, join, raw, read, type Sql, sql } from '../engine/sql';
import { PRIVACY, type TablePrivacy } from '../privacy';

export type Exported = Record<string, Record<string, unknown>[]>;

/** Rows of one table that an export gives at most. */
const MOST_ROWS = 10_000;

/** Columns whose names and tables are those of PRIVACY, which the compiler holds against the schema. */
function exportedColumns({ columns }: TablePrivacy) {
  const names = Object.entries(columns).filter(([, privacy]) => privacy !== 'secret');
  return computed<Record<string, unknown>>(Object.fromEntries(names.map(([name]) => [name, raw(`t.${name}`)])));
}

async function rowsOf(db: Executor, table: string, { of, where }: { of: TablePrivacy; where: Sql }) {
  const columns = exportedColumns(of);
  const statement = sql`SELECT ${columns} FROM ${raw(table)} t WHERE ${where} LIMIT ${MOST_ROWS}`;
  return (await db.query(read('users.export', columns, statement))).map((row) => ({ ...row }));
}

export async function exportPerson(
  db: Executor,
  person: { tenant: string; id: number; publicId: string },
): Promise<Exported> {
  const found: Exported = {};
  for (const table of keysOf(PRIVACY)) {
    const of: TablePrivacy = PRIVACY[table];
    const owned = of.owners.map((column) => sql`t.${raw(column)} = ${person.id}`);
    const ofRooms = sql`IN (SELECT r.id FROM rooms r WHERE r.owner_id = ${person.id})`;
    if (of.rooms !== undefined) owned.push(sql`t.${raw(of.rooms)} ${ofRooms}`);
    if (owned.length > 0) found[table] = await rowsOf(db, table, { of, where: sql`(${join(owned, ' OR ')})` });
  }
  const { tenant, publicId } = person;
  const quoted = JSON.stringify(publicId);
  const acted = sql`(t.operator IN ('host', 'admin') AND INSTR(t.after_text, ${`"byUserId":${quoted}`}) > 0)`;
  const audited = sql`t.tenant = ${tenant} AND (t.user_id = ${publicId} OR ${acted})`;
  found['audit'] = await rowsOf(db, 'audit', { of: PRIVACY.audit, where: audited });
  const queued = sql`t.tenant = ${tenant} AND t.target = ${publicId}`;
  found['outbox'] = await rowsOf(db, 'outbox', { of: PRIVACY.outbox, where: queued });
  const named = sql`t.tenant = ${tenant} AND INSTR(t.body, ${quoted}) > 0`;
  found['webhook_events'] = await rowsOf(db, 'webhook_events', { of: PRIVACY.webhook_events, where: named });
  return found;
}
