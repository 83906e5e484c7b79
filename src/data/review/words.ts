/** Words that a tenant does not want to have written, or wants to allow. */
import type { Executor } from '../engine/database';
import { byIndex, onConflict, proposed } from '../engine/dialect';
import { columns, computed, insertInto, join, list, raw, read, type Sql, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

const WORD = columns('words', 'w', ['id', 'word', 'action', 'tag', 'by_name', 'created_at']);
export type WordRow = (typeof WORD)['row'];

const MATCHED = columns('words', 'w', ['id', 'word', 'action']);
export type MatchedWord = (typeof MATCHED)['row'];

/** All of them, for the matcher. */
export function allWords(db: Reader, tenant: string): Promise<MatchedWord[]> {
  const hint = byIndex('words_in_order');
  const statement = sql`SELECT ${MATCHED} FROM words w ${hint} WHERE w.tenant = ${tenant} ORDER BY w.id`;
  return db.query(read('words.all', MATCHED, statement));
}

export interface WordFilter {
  tenant: string;
  search?: string | undefined;
  tag?: string | undefined;
  action?: string | undefined;
}

/** Newest first. At most 20,000 rows of a tenant are looked at. */
export function listWords(
  db: Reader,
  { tenant, search, tag, action }: WordFilter,
  page: { before: number | undefined; limit: number },
): Promise<WordRow[]> {
  const conditions: Sql[] = [sql`w.tenant = ${tenant}`];
  if (page.before !== undefined) conditions.push(sql`w.id < ${page.before}`);
  if (tag !== undefined) conditions.push(sql`w.tag = ${tag}`);
  if (action !== undefined) conditions.push(sql`w.action = ${action}`);
  if (search !== undefined) conditions.push(sql`INSTR(w.word, ${search}) > 0`);
  const statement = sql`SELECT ${WORD} FROM words w ${byIndex('words_in_order')}
    WHERE ${join(conditions, ' AND ')} ORDER BY w.id DESC LIMIT ${page.limit}`;
  return db.query(read('words.list', WORD, statement));
}

const KNOWN = columns('words', 'w', ['word_key', 'word', 'action', 'tag']);
export type KnownWord = (typeof KNOWN)['row'];

/** Those of the given words that are in the list. */
export async function knownWords(tx: Executor, tenant: string, keys: readonly string[]): Promise<KnownWord[]> {
  const statement = sql`SELECT ${KNOWN} FROM words w WHERE w.tenant = ${tenant} AND w.word_key IN (${list(keys)})`;
  return keys.length === 0 ? [] : tx.query(read('words.known', KNOWN, statement));
}

const COUNT = computed<{ n: number }>({ n: raw('COUNT(*)') });

export async function countWords(tx: Executor, tenant: string): Promise<number> {
  const statement = sql`SELECT ${COUNT} FROM words w WHERE w.tenant = ${tenant}`;
  return (await tx.query(read('words.count', COUNT, statement)))[0]?.n ?? 0;
}

export interface NewWord {
  key: string;
  word: string;
  action: string;
  tag: string;
}

/** Adds words, or changes those that are there. */
export async function storeWords(
  tx: Executor,
  words: readonly NewWord[],
  by: { tenant: string; name: string; now: number },
): Promise<void> {
  const rows = words.map(({ key, word, action, tag }) => {
    return { tenant: by.tenant, word_key: key, word, action, tag, by_name: by.name, created_at: by.now };
  });
  const set = sql`word = ${proposed('word')}, action = ${proposed('action')}, tag = ${proposed('tag')},
    by_name = ${proposed('by_name')}`;
  for (let at = 0; at < rows.length; at += 100) {
    const insert = insertInto('words', ...rows.slice(at, at + 100));
    await tx.execute(write('words.store', 'safe', sql`${insert} ${onConflict('tenant, word_key', set)}`));
  }
}

/** Gives how many there were. */
export async function deleteWords(tx: Executor, tenant: string, ids: readonly number[]): Promise<number> {
  const statement = sql`DELETE FROM words WHERE tenant = ${tenant} AND id IN (${list(ids)})`;
  return (await tx.execute(write('words.delete', 'never', statement))).affected;
}
