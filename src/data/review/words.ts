/** Words that a tenant does not want to have written, or wants to allow. */
import type { Executor } from '../engine/database';
import { byIndex, onConflict, proposed } from '../engine/dialect';
import { columns, computed, insertAllInto, int, ints, raw, read, sql, text, texts, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

const WORD = columns('words', 'w', ['id', 'word', 'action', 'tag', 'by_name', 'created_at']);
export type WordRow = (typeof WORD)['row'];

const MATCHED = columns('words', 'w', ['id', 'word', 'action']);
export type MatchedWord = (typeof MATCHED)['row'];

const IN_ORDER = read(
  'words.in_order',
  MATCHED,
  sql`SELECT ${MATCHED} FROM words w ${byIndex('words_in_order')}
    WHERE w.tenant = ${text('tenant')} AND w.id > ${int('after')} ORDER BY w.id LIMIT ${int('limit')}`,
);

/** A part of the list, for the matcher. */
export function wordsInOrder(
  db: Reader,
  part: { tenant: string; after: number; limit: number },
): Promise<MatchedWord[]> {
  return db.query(IN_ORDER, part);
}

export interface WordFilter {
  tenant: string;
  search?: string | undefined;
  tag?: string | undefined;
  action?: string | undefined;
}

type Page = WordFilter & { before: number | undefined; limit: number };
const listing = variants(({ and }: Shape<Page>) =>
  read(
    'words.list',
    WORD,
    sql`SELECT ${WORD} FROM words w ${byIndex('words_in_order')} WHERE w.tenant = ${text('tenant')}
      ${and('before', sql`w.id < ${int('before')}`)} ${and('tag', sql`w.tag = ${text('tag')}`)}
      ${and('action', sql`w.action = ${text('action')}`)} ${and('search', sql`INSTR(w.word, ${text('search')}) > 0`)}
    ORDER BY w.id DESC LIMIT ${int('limit')}`,
  ),
);

/** Newest first. Reads at most 20,000 rows of a tenant. */
export function listWords(
  db: Reader,
  filter: WordFilter,
  page: { before: number | undefined; limit: number },
): Promise<WordRow[]> {
  const values = { ...filter, ...page };
  return db.query(listing(values), values);
}

const KNOWN = columns('words', 'w', ['word_key', 'word', 'action', 'tag']);
export type KnownWord = (typeof KNOWN)['row'];

const FIND_KNOWN = read(
  'words.known',
  KNOWN,
  sql`SELECT ${KNOWN} FROM words w WHERE w.tenant = ${text('tenant')} AND w.word_key IN (${texts('keys')})`,
);

/** Those of the given words that are in the list. */
export async function knownWords(tx: Executor, tenant: string, keys: readonly string[]): Promise<KnownWord[]> {
  return keys.length === 0 ? [] : tx.query(FIND_KNOWN, { tenant, keys });
}

const NUMBER = computed<{ n: number }>({ n: raw('COUNT(*)') });
const COUNT = read('words.count', NUMBER, sql`SELECT ${NUMBER} FROM words w WHERE w.tenant = ${text('tenant')}`);

export async function countWords(tx: Executor, tenant: string): Promise<number> {
  return (await tx.query(COUNT, { tenant }))[0]?.n ?? 0;
}

export interface NewWord {
  key: string;
  word: string;
  action: string;
  tag: string;
}

const NEW = insertAllInto('words', 'words', [
  ...(['tenant', 'word_key', 'word', 'action', 'tag', 'by_name', 'created_at'] as const),
]);
const SET = sql`word = ${proposed('word')}, action = ${proposed('action')}, tag = ${proposed('tag')},
    by_name = ${proposed('by_name')}`;
const STORE = write('words.store', 'safe', sql`${NEW} ${onConflict('tenant, word_key', SET)}`);

/** Adds words, or changes those that are there. */
export async function storeWords(
  tx: Executor,
  words: readonly NewWord[],
  by: { tenant: string; name: string; now: number },
): Promise<void> {
  const rows = words.map(({ key, word, action, tag }) => {
    return { tenant: by.tenant, word_key: key, word, action, tag, by_name: by.name, created_at: by.now };
  });
  for (let at = 0; at < rows.length; at += 100) await tx.execute(STORE, { words: rows.slice(at, at + 100) });
}

const DELETE = write(
  'words.delete',
  'never',
  sql`DELETE FROM words WHERE tenant = ${text('tenant')} AND id IN (${ints('ids')})`,
);

/** Gives how many there were. */
export async function deleteWords(tx: Executor, tenant: string, ids: readonly number[]): Promise<number> {
  return (await tx.execute(DELETE, { tenant, ids })).affected;
}
