/**
 * The TRTC server API (https://cloud.tencent.com/document/api/647/37088): ending a room. The vendor's SDK does the signing;
 * it is large and seldom needed, so it is a file of its own (trtc-client.ts) that is loaded by the first call.
 */

import type { Metrics } from '../base/metrics';

export interface TrtcCredentials {
  secretId: string;
  secretKey: string;
  /** Of temporary credentials. */
  token?: string;
}

/** Carries the vendor's error code, for example LimitExceeded; never its message. */
export class TrtcError extends Error {
  override readonly name = 'TrtcError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string) {
    super(`TRTC ${code}`);
    this.code = code;
    this.retryable = !FINAL.some((prefix) => code.startsWith(prefix));
  }
}

/** The request is wrong, or the key may not make it: repeating is of no use, and an empty room ends by itself. */
const FINAL = [
  'InvalidParameter',
  'MissingParameter',
  'UnknownParameter',
  'UnsupportedOperation',
  'InvalidAction',
  'UnauthorizedOperation',
  'AuthFailure.UnauthorizedOperation',
];
const GONE = 'FailedOperation.RoomNotExist';
const LARGEST_NUMBER = 4_294_967_294;

export interface TrtcClient {
  /** Whether there is a key to call with. */
  ready(): boolean;
  /** Whether the scheduled function has a key where this process has none. */
  readonly readyElsewhere: boolean;
  /** Ends a room and sends everybody out; one that does not exist is fine. */
  dismissRoom(sdkAppId: number, roomId: string, options: { budgetMs: number }): Promise<void>;
}

export interface TrtcParts {
  endpoint: string;
  protocol: 'https://' | 'http://';
  region: string;
  /** Asked for every call: a function's role gets new ones all the time. */
  credentials: () => TrtcCredentials | null;
  metrics?: Metrics;
  readyElsewhere: boolean;
}

/** "123" the number and "123" the text are two rooms; whatever can be a number is one for the apps. */
function isNumber(roomId: string): boolean {
  return /^[1-9]\d{0,9}$/.test(roomId) && Number(roomId) <= LARGEST_NUMBER;
}

function withinBudget<T>(call: Promise<T>, budgetMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TrtcError('Timeout')), budgetMs);
    call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function codeOf(error: unknown): string {
  if (error instanceof TrtcError) return error.code;
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[\w.]{1,60}$/.test(code) ? code : 'Unreachable';
}

export function createTrtcClient(parts: TrtcParts): TrtcClient {
  return {
    ready: () => parts.credentials() !== null,
    readyElsewhere: parts.readyElsewhere,
    async dismissRoom(sdkAppId, roomId, { budgetMs }) {
      const credentials = parts.credentials();
      if (!credentials) throw new TrtcError('NoCredentials');
      const { sendDismissal } = await import('./trtc-client');
      const room = isNumber(roomId) ? Number(roomId) : roomId;
      const call = sendDismissal({ ...parts, credentials, sdkAppId, room, timeoutMs: budgetMs });
      const started = performance.now();
      const code = await withinBudget(call, budgetMs).then(() => 'ok', codeOf);
      const seen = { vendor: 'trtc', command: 'DismissRoom', ms: performance.now() - started };
      parts.metrics?.vendorCall({ ...seen, outcome: code === GONE ? 'ok' : code });
      if (code !== 'ok' && code !== GONE) throw new TrtcError(code);
    },
  };
}
