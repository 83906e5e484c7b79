/**
 * The TRTC server API (https://cloud.tencent.com/document/api/647/37088): ending a room. The vendor's SDK does the signing;
 * it is large and seldom needed, so trtc-client.ts is built separately and loaded by the first call.
 */

import type { Metrics } from '../../base/metrics';
import type { RoomCall } from './trtc-client';

export interface TrtcCredentials {
  secretId: string;
  secretKey: string;
  /** Set for temporary credentials. */
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

/** The request is wrong or the key lacks the permission: a retry cannot help, and TRTC ends empty rooms itself. */
const FINAL = [
  'InvalidParameter',
  'MissingParameter',
  'UnknownParameter',
  'UnsupportedOperation',
  'InvalidAction',
  'UnauthorizedOperation',
  'AuthFailure.UnauthorizedOperation',
];
const ROOM_GONE = 'FailedOperation.RoomNotExist';
const USER_GONE = 'FailedOperation.UserNotExist';
const LARGEST_NUMBER = 4_294_967_294;

export interface TrtcClient {
  /** Whether there is a key to call with. */
  ready(): boolean;
  /** Whether the scheduled function has a key if this process has none. */
  readonly readyElsewhere: boolean;
  /** Ends a room and disconnects its members. Succeeds if the room does not exist. */
  dismissRoom(sdkAppId: number, roomId: string, options: { budgetMs: number }): Promise<void>;
  /** Removes a user from a room. Succeeds if the user or the room is gone. */
  removeUser(
    sdkAppId: number,
    member: { roomId: string; userId: string },
    options: { budgetMs: number },
  ): Promise<void>;
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

/** TRTC has separate rooms for the number 123 and the text "123"; the apps use numbers for all ids that are numeric. */
export function isNumberRoom(roomId: string): boolean {
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
  type Send = (client: typeof import('./trtc-client'), call: RoomCall) => Promise<void>;

  async function call(
    sdkAppId: number,
    roomId: string,
    what: { command: string; budgetMs: number; fine: readonly string[]; send: Send },
  ): Promise<void> {
    const credentials = parts.credentials();
    if (!credentials) throw new TrtcError('NoCredentials');
    const client = await import('./trtc-client');
    const room = isNumberRoom(roomId) ? Number(roomId) : roomId;
    const sent = what.send(client, { ...parts, credentials, sdkAppId, room, timeoutMs: what.budgetMs });
    const started = performance.now();
    const code = await withinBudget(sent, what.budgetMs).then(() => 'ok', codeOf);
    const outcome = what.fine.includes(code) ? 'ok' : code;
    const { command } = what;
    parts.metrics?.vendorCall({ vendor: 'trtc', command, ms: performance.now() - started, outcome });
    if (outcome !== 'ok') throw new TrtcError(outcome);
  }

  return {
    ready: () => parts.credentials() !== null,
    readyElsewhere: parts.readyElsewhere,
    dismissRoom: (sdkAppId, roomId, { budgetMs }) =>
      call(sdkAppId, roomId, {
        command: 'DismissRoom',
        budgetMs,
        fine: [ROOM_GONE],
        send: (client, room) => client.sendDismissal(room),
      }),
    removeUser: (sdkAppId, { roomId, userId }, { budgetMs }) =>
      call(sdkAppId, roomId, {
        command: 'RemoveUser',
        budgetMs,
        fine: [ROOM_GONE, USER_GONE],
        send: (client, room) => client.sendRemoval({ ...room, userId }),
      }),
  };
}
