/** Words of a tenant, and its review settings. */
import { createHash } from 'node:crypto';
import type { AdminInputOf } from '../../contract/admin';
import { MAX_WORD, MAX_WORDS, WORD_ACTIONS } from '../../contract/admin/words';
import { inBoth } from '../../contract/error-messages';
import type { ReviewSettings } from '../../contract/review-settings';
import { findReviewState, noteWords, storeReviewSettings } from '../../data/review/review-state';
import {
  countWords,
  deleteWords,
  knownWords,
  listWords,
  type NewWord,
  storeWords,
  type WordRow,
} from '../../data/review/words';
import { normalText } from '../review/normal-form';
import { readMatcher } from '../review/review-cache';
import { settingsOf } from '../review/settings';
import { textAfter, wordVerdict } from '../review/word-verdict';
import type { ChangeContext, ReadContext } from './change-context';
import { pageResult, readPage } from './pages';
import { utc } from './present';

const actionOf = (action: string) => WORD_ACTIONS.find((one) => one === action) ?? 'refuse';

export async function words(input: AdminInputOf<'words'>, ctx: ReadContext) {
  const { search, tag, action } = input;
  const page = readPage<[number]>(ctx, { of: ['words', search, tag, action], ...input });
  const filter = { tenant: ctx.tenant.id, search, tag, action };
  const rows = await listWords(ctx.db, filter, { before: page.after?.[0], limit: page.limit + 1 });
  const present = (row: WordRow) => ({
    wordId: String(row.id),
    text: row.word,
    action: actionOf(row.action),
    tag: row.tag,
    by: row.by_name,
    createUtc: utc(row.created_at),
  });
  return pageResult(page, rows, { present, place: (row): [number] => [row.id] });
}

function keyOf(normal: string): string {
  return createHash('sha256').update(normal).digest('base64url');
}

interface Unfit {
  text: string;
  why: string;
}

/** What of the given words can be stored, by the key of their normal form, and what cannot. */
function sort(input: AdminInputOf<'addWords'>): {
  fine: Map<string, NewWord>;
  refused: Unfit[];
} {
  const { words: given, action = 'refuse', tag = '' } = input;
  const fine = new Map<string, NewWord>();
  const refused: Unfit[] = [];
  for (const text of given) {
    const word = text.trim();
    const shown = word.slice(0, MAX_WORD);
    if ([...word].length > MAX_WORD) refused.push({ text: shown, why: `longer than ${MAX_WORD} characters` });
    else if (!word.isWellFormed()) refused.push({ text: '', why: 'half of a character' });
    else {
      const normal = normalText(word);
      if (normal === '') refused.push({ text: shown, why: 'no letter, digit or character in it' });
      else fine.set(keyOf(normal), { key: keyOf(normal), word, action, tag });
    }
  }
  return { fine, refused };
}

export async function addWords(input: AdminInputOf<'addWords'>, ctx: ChangeContext) {
  const { tx, tenant, now, operator } = ctx;
  const { fine, refused } = sort(input);
  // Locks the tenant's row: the limit applies to concurrent calls too.
  await noteWords(tx, tenant.id);
  const known = new Map((await knownWords(tx, tenant.id, [...fine.keys()])).map((row) => [row.word_key, row]));
  const fresh = [...fine.values()].filter(({ key }) => !known.has(key));
  const room = Math.max(0, MAX_WORDS - (await countWords(tx, tenant.id)));
  for (const { word } of fresh.slice(room))
    refused.push({ text: word, why: `a tenant has at most ${MAX_WORDS} words` });
  const added = fresh.slice(0, room);
  const changed = [...fine.values()].filter(({ key, word, action, tag }) => {
    const before = known.get(key);
    return before && (before.word !== word || before.action !== action || before.tag !== tag);
  });
  const by = { tenant: tenant.id, name: operator.name, now };
  if (added.length + changed.length > 0) await storeWords(tx, [...added, ...changed], by);
  const told = refused.map((one) => ({ ...one, detail: inBoth(one.why) }));
  const result = { added: added.length, changed: changed.length, refused: told };
  const after = { added: added.length, changed: changed.length, action: input.action ?? 'refuse' };
  return { audit: { after }, answer: () => result };
}

export async function removeWords(input: AdminInputOf<'removeWords'>, ctx: ChangeContext) {
  const { tx, tenant } = ctx;
  await noteWords(tx, tenant.id);
  const removed = await deleteWords(tx, tenant.id, input.wordIds.map(Number));
  return { audit: { after: { removed } }, answer: () => ({ removed }) };
}

/** Uses the list of the database; it is read again only if another process has just changed it. */
export async function checkText(input: AdminInputOf<'checkText'>, { db, services, tenant }: ReadContext) {
  const state = await findReviewState(db, tenant.id);
  const known = await services.review.cache.tenant(tenant.id);
  const isCurrent = known.wordsNo === (state?.words_no ?? 0);
  const matcher = isCurrent ? known.matcher : await readMatcher(db, tenant.id);
  const words = wordVerdict(matcher, input.text);
  return {
    verdict: words.action,
    text: textAfter(input.text, words),
    hits: words.hits.map(({ word, start, end }) => {
      return { wordId: String(word.id), text: word.text, start, end, action: word.action };
    }),
  };
}

async function current({ db, services, tenant }: Pick<ReadContext, 'db' | 'services' | 'tenant'>) {
  const state = await findReviewState(db, tenant.id);
  const settings = settingsOf(state?.settings, services.config.review);
  return { settings, lastCallbackUtc: utc(state?.callback_at ?? 0) };
}

export async function reviewSettings(_input: AdminInputOf<'reviewSettings'>, ctx: ReadContext) {
  const { settings, lastCallbackUtc } = await current(ctx);
  return { ...settings, lastCallbackUtc };
}

export async function changeReviewSettings(input: AdminInputOf<'changeReviewSettings'>, ctx: ChangeContext) {
  const { tx, tenant } = ctx;
  const { settings, lastCallbackUtc } = await current({ ...ctx, db: tx });
  const state = await findReviewState(tx, tenant.id);
  const stored: Partial<ReviewSettings> = { ...JSON.parse(state?.settings ?? '{}'), ...input };
  Reflect.deleteProperty(stored, 'tenant');
  await storeReviewSettings(tx, tenant.id, JSON.stringify(stored));
  const after = settingsOf(JSON.stringify(stored), ctx.services.config.review);
  const small = ({ customKeys, ...rest }: ReviewSettings) => ({ ...rest, customKeys: customKeys.join(',') });
  return {
    audit: { before: small(settings), after: small(after) },
    answer: () => ({ ...after, lastCallbackUtc }),
  };
}
