/** Lists by cursor: one extra item shows whether there is another page. */
import { MAX_COUNTED } from '../../contract/admin/fields';
import type { ReadContext } from './change-context';
import { type Cursor, type List, readCursor, writeCursor } from './cursor';

const DEFAULT_LIMIT = 50;

export interface Page<C extends Cursor> {
  list: List;
  limit: number;
  after: C | undefined;
}

/** `of`: the list and all of its filters. */
export function readPage<C extends Cursor>(
  ctx: Pick<ReadContext, 'services' | 'tenant'>,
  asked: { of: unknown; limit?: number | undefined; cursor?: string | undefined },
): Page<C> {
  const list = { key: ctx.services.config.tokenKey, of: [ctx.tenant.id, asked.of] };
  return { list, limit: asked.limit ?? DEFAULT_LIMIT, after: readCursor(list, asked.cursor) };
}

/** The length of the list, if it is asked for: counted up to MAX_COUNTED. */
export async function totalOf(
  count: boolean | undefined,
  counting: (most: number) => Promise<number>,
): Promise<{ total?: number; totalIsMore?: boolean }> {
  if (!count) return {};
  const counted = await counting(MAX_COUNTED);
  return counted > MAX_COUNTED ? { total: MAX_COUNTED, totalIsMore: true } : { total: counted };
}

/** The answer from `limit` + 1 rows at most. */
export function pageResult<C extends Cursor, R, T>(
  page: Page<C>,
  rows: readonly R[],
  { present, place }: { present: (row: R) => T; place: (row: R) => C },
): { items: T[]; cursor: string } {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const more = rows.length > page.limit && last !== undefined;
  return { items: shown.map(present), cursor: more ? writeCursor(page.list, place(last)) : '' };
}
