/** Request and response, independent of the way in: HTTP, API Gateway, Function URL. */

import type { ApiError } from '../base/errors';

/** The other end as the way in knows it: the socket's peer, or the address in an event. */
export interface Origin {
  kind: 'socket' | 'event';
  address: string | undefined;
}

export interface Request {
  origin: Origin;
  method: string;
  /** Path as sent, without the query. */
  path: string;
  /** Parameters of the query, decoded, in order. */
  query: readonly (readonly [string, string])[];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The body was larger than is read here, and was not kept. */
  bodyTooLarge?: boolean;
}

export interface Response {
  /** Why it is no success, for the log. */
  error?: ApiError | undefined;
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** A body produced while it is sent, after `body`. */
  chunks?: AsyncIterable<string>;
}

/**
 * Headers in which the platform passes the keys of a web function's role with every request. They are secrets that nothing
 * in the service needs: no Request has them.
 */
export const PLATFORM_SECRETS = /^x-scf-(?:secret-.*|session-token)$/;

/** No app sends more than thirty parameters, or more than a hundred parts of a list. */
export const MAX_PAIRS = 1_000;

/** The part of `text` before its separator number `count`; all of it if there are fewer. */
function beforeSeparator(text: string, count: number): string {
  let at = -1;
  for (let found = 0; found < count; found += 1) {
    at = text.indexOf('&', at + 1);
    if (at < 0) return text;
  }
  return text.slice(0, at);
}

/** Text without escapes: visible ASCII without % and +, and without a leading ?. */
const PLAIN = /^(?!\?)[!-$&-*,-~]*$/;

function plainPairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const mark = part.indexOf('=');
    pairs.push(mark < 0 ? [part, ''] : [part.slice(0, mark), part.slice(mark + 1)]);
  }
  return pairs;
}

/**
 * Decodes `a=1&b=2` as browsers encode it; invalid percent-encoding stays unchanged. Of longer texts only the
 * first MAX_PAIRS + 1 parts are decoded, so that the caller sees that there are too many.
 */
export function decodePairs(text: string): [string, string][] {
  const read = beforeSeparator(text, MAX_PAIRS + 1);
  // URLSearchParams costs a third of a whole request.
  return PLAIN.test(read) ? plainPairs(read) : [...new URLSearchParams(read)];
}
