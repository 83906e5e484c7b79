/**
 * How MySQL runs a statement: its plan, and its faults for a statement of a hot path. Statements come from the
 * server's own log, as the service really sent them, so that no text is written twice and none is forgotten.
 */
import type { Connection } from 'mysql2/promise';
import { serverName } from '../../../testkit/mysql-server';
import { grammarProblems } from './grammar';

export interface PlanRow {
  select_type: string;
  table: string | null;
  type: string | null;
  key: string | null;
  rows: number | null;
  Extra: string | null;
}

export interface Logged {
  /** Its name in the service (data/engine/sql.ts). */
  name: string;
  sql: string;
  /** The text with every value replaced: equal for equal statements. */
  shape: string;
}

/** The largest page an endpoint gives; sorting that many rows is free. */
const PAGE = 100;

function shapeOf(sql: string): string {
  return sql
    .replace(/'(?:[^'\\]|\\.|'')*'/g, '?')
    .replace(/\b\d+\b/g, '?')
    .replace(/\?(?:\s*,\s*\?)+/g, '?')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Everything that was sent since the last call, but for BEGIN, COMMIT and SET; each shape once. */
export async function takeStatements(connection: Connection): Promise<Logged[]> {
  const [rows] = await connection.query(
    `SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log
      WHERE command_type IN ('Query', 'Execute') AND thread_id <> CONNECTION_ID()`,
  );
  await connection.query('TRUNCATE mysql.general_log');
  const statements = new Map<string, Logged>();
  // The columns asked for above.
  for (const { text } of rows as { text: string }[]) {
    const [, name = 'nameless', verb] = /^\s*(?:\/\* (\S+) \*\/)?\s*(SELECT|INSERT|UPDATE|DELETE)\b/i.exec(text) ?? [];
    if (!verb) continue;
    const shape = shapeOf(text);
    if (!statements.has(shape)) statements.set(shape, { name, sql: text, shape });
  }
  return [...statements.values()];
}

/** Throws if MySQL 5.7 or 8.0 would not parse the statement. A run on MySQL follows one on MariaDB, with the same statements. */
export async function explain(connection: Connection, sql: string): Promise<PlanRow[]> {
  const [problem] = serverName === 'MySQL' ? [] : grammarProblems(sql);
  if (problem !== undefined) throw new Error(`${problem} in ${sql}`);
  const [rows] = await connection.query(`EXPLAIN FORMAT=TRADITIONAL ${sql}`);
  return rows as PlanRow[];
}

/** A derived table, named like <derived2>: the result of an inner query with a LIMIT. */
function isPicked({ table }: PlanRow, sql: string): boolean {
  return (table ?? '').startsWith('<') && /\bLIMIT \d{1,3}\b/.test(sql);
}

function problemOf(row: PlanRow, sql: string): string | undefined {
  // Plain INSERTs read nothing; MariaDB calls that ALL.
  if (row.select_type === 'INSERT') return;
  const extra = row.Extra ?? '';
  if (/Using temporary/.test(extra)) return 'a temporary table';
  if (isPicked(row, sql) || row.table === null || row.type === 'system') return;
  if (row.type === 'ALL') return 'a full scan';
  // MySQL reads the whole index of a table with at most one row, but not of larger ones.
  if (row.type === 'index' && (row.rows ?? 0) > 1) return 'a full scan of an index';
  if (/Using filesort/.test(extra) && (row.rows ?? 0) > PAGE) return `${row.rows} rows to sort`;
  if (/join buffer/i.test(extra)) return 'a join without an index';
  return;
}

/** Faults of the plan for a hot path; empty if there are none. */
export function problemsOf(plan: readonly PlanRow[], sql: string): string[] {
  return plan.flatMap((row) => {
    const problem = problemOf(row, sql);
    return problem ? [`${row.table}: ${problem}`] : [];
  });
}
