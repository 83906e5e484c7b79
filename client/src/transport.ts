/**
 * What both clients send with: a POST of JSON with a time limit, given up by the caller's signal too, and repeated where that
 * does no harm. Types of its own for what comes from the platform, so that the package needs no `dom` in `lib`.
 */

/** The part of an AbortSignal that is used. */
export interface Abortable {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The part of a Response that is used. */
export interface Answered {
  readonly status: number;
  json(): Promise<unknown>;
}

/** `fetch`, or anything that is called like it. */
export type Fetch = (url: string, init: never) => Promise<Answered>;

export interface TransportOptions {
  /** The address of the service with its scheme, with or without a final slash, without `base/v1`. */
  baseUrl: string;
  /** Milliseconds until a call is given up, all its tries together. */
  timeoutMs?: number;
  /** How often a call that does no harm twice is repeated where the service cannot be reached. Default 2. */
  retries?: number;
  fetch?: Fetch;
}

export interface CallOptions {
  /** Gives the call up. */
  signal?: Abortable;
}

export interface Post {
  url: string;
  headers?: Readonly<Record<string, string>>;
  body: object;
  timeoutMs: number;
  retries: number;
  signal?: Abortable | undefined;
}

/** The address in front of `base/v1/`. Throws a TypeError that says what is wrong with it. */
export function checkedAddress(baseUrl: unknown): string {
  const wanted = 'the address of the service, such as https://example.com';
  if (typeof baseUrl !== 'string' || baseUrl.trim() === '')
    throw new TypeError(`baseUrl is missing: it must be ${wanted}`);
  const address = baseUrl.trim();
  if (!/^https?:\/\//i.test(address)) {
    throw new TypeError(`baseUrl must begin with https:// or http:// and be ${wanted}, not ${JSON.stringify(address)}`);
  }
  return address.replace(/\/+$/, '').replace(/\/base\/v1$/, '');
}

/** No answer came: the network, the time limit, or the caller's signal. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly aborted: boolean;

  constructor(cause: unknown, aborted: boolean) {
    super(aborted ? 'the call was given up' : 'the service cannot be reached', { cause });
    this.aborted = aborted;
  }
}

/** A gateway in front of the service that has nobody behind it. */
const NOBODY_THERE = new Set([502, 503, 504]);
const FIRST_WAIT_MS = 200;

/** Ends by itself when the time is up or the caller gives up. */
function limit(timeoutMs: number, signal: Abortable | undefined) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
  return { controller, end };
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Whatever was answered. Throws NoAnswer where nothing was. */
export async function post(send: Fetch | undefined, call: Post): Promise<Answered> {
  // Whoever gives a fetch of their own gives one that takes what fetch takes.
  const request = (send ?? fetch) as (url: string, init: object) => Promise<Answered>;
  const { controller, end } = limit(call.timeoutMs, call.signal);
  const init = {
    method: 'POST',
    headers: { ...call.headers, 'content-type': 'application/json' },
    body: JSON.stringify(call.body),
    signal: controller.signal,
  };
  try {
    for (let tries = 0; ; tries += 1) {
      const last = tries >= call.retries;
      try {
        const response = await request(call.url, init);
        if (last || !NOBODY_THERE.has(response.status)) return response;
      } catch (error) {
        if (last || controller.signal.aborted) throw error;
      }
      await wait(FIRST_WAIT_MS * 2 ** tries * (0.75 + Math.random() / 2), controller.signal);
    }
  } catch (error) {
    throw new NoAnswer(error, call.signal?.aborted ?? false);
  } finally {
    end();
  }
}
