/** Lists by cursor: one item more than asked for tells whether there is another page. */
import type { ReadContext } from './context';
import { type List, type Place, readCursor, writeCursor } from './cursor';

const DEFAULT_LIMIT = 50;

export interface Page<P extends Place> {
  list: List;
  limit: number;
  after: P | undefined;
}

/** `of`: what the list is and everything that it is filtered by. */
export function readPage<P extends Place>(
  ctx: Pick<ReadContext, 'services' | 'tenant'>,
  asked: { of: unknown; limit?: number | undefined; cursor?: string | undefined },
): Page<P> {
  const list = { key: ctx.services.config.tokenKey, of: [ctx.tenant.id, asked.of] };
  // The mark of a cursor says that this list wrote it.
  const after = readCursor(list, asked.cursor) as P | undefined;
  return { list, limit: asked.limit ?? DEFAULT_LIMIT, after };
}

/** The answer from `limit` + 1 rows at most. */
export function pageResult<P extends Place, R, T>(
  page: Page<P>,
  rows: readonly R[],
  { present, place }: { present: (row: R) => T; place: (row: R) => P },
): { items: T[]; cursor: string } {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const more = rows.length > page.limit && last !== undefined;
  return { items: shown.map(present), cursor: more ? writeCursor(page.list, place(last)) : '' };
}
