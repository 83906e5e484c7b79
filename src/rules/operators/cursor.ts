/**
 * The position in a list, as opaque text. It has the values of the last item and a check bound to
 * the list, the tenant and the filters, so that a cursor of another list, or a forged one, is refused.
 */
import { createHmac } from 'node:crypto';
import { sameText } from '../../base/same-text';
import { malformed } from './refusal';

/** The values of the last item of a page. */
export type Cursor = readonly (string | number)[];

export interface List {
  /** The service's own key. */
  key: Uint8Array;
  /** The list and its filters. */
  of: unknown;
}

function mark({ key, of }: List, text: string): string {
  return createHmac('sha256', key)
    .update(`cursor ${JSON.stringify(of)} ${text}`)
    .digest('base64url')
    .slice(0, 16);
}

export function writeCursor(list: List, cursor: Cursor): string {
  const text = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return `${text}${mark(list, text)}`;
}

/** undefined: from the beginning. */
export function readCursor<C extends Cursor>(list: List, cursor: string | undefined): C | undefined {
  if (cursor === undefined) return undefined;
  const text = cursor.slice(0, -16);
  if (!sameText(cursor.slice(-16), mark(list, text))) throw malformed('cursor is not one of this list');
  // What writeCursor() wrote: the mark says so.
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as C;
}
