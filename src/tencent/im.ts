/**
 * The IM REST API (https://cloud.tencent.com/document/api/269/1519): POST, JSON, signed in as an administrator by UserSig.
 * Only the calls the service needs; every result is judged by ErrorCode, never by the HTTP status.
 */
import { randomInt } from 'node:crypto';
import { type Metrics, NO_METRICS } from '../base/metrics';
import type { UserSigSigner } from './usersig';

export interface ImApp {
  sdkAppId: number;
  secret: string;
  imAdmin: string;
}

/** unreachable: no answer in time. nonsense: an answer that is not IM's. misconfigured: IM does not accept our keys. */
export type ImFailure = 'unreachable' | 'nonsense' | 'refused' | 'misconfigured';

export class ImError extends Error {
  override readonly name = 'ImError';
  readonly failure: ImFailure;
  /** IM's ErrorCode, or 0. */
  readonly code: number;

  constructor(failure: ImFailure, code = 0) {
    super(`IM ${failure}${code ? ` ${code}` : ''}`);
    this.failure = failure;
    this.code = code;
  }
}

export interface ImGroup {
  groupId: string;
  owner: string;
  name: string;
}

export interface ImCallOptions {
  /** Give up after so many milliseconds in all; never more than BUDGET_MS. */
  budgetMs: number;
}

export interface ImClient {
  /** Makes an AVChatRoom; one that exists already is fine. */
  createGroup(app: ImApp, group: ImGroup, options?: ImCallOptions): Promise<void>;
  /** Dissolves a group; one that is gone already is fine. */
  destroyGroup(app: ImApp, groupId: string, options?: ImCallOptions): Promise<void>;
  /** When a group was made (ms since 1970, whole seconds); undefined where there is none, or IM does not say. */
  groupCreatedAt(app: ImApp, groupId: string, options?: ImCallOptions): Promise<number | undefined>;
  /** Tells IM a user's name and picture; importing again is harmless. */
  importAccount(
    app: ImApp,
    user: { userId: string; nick?: string; faceUrl?: string },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Says something to everybody in a group, as the system; one that is gone hears nothing. */
  notifyGroup(app: ImApp, groupId: string, content: string, options?: ImCallOptions): Promise<void>;
  /** Keeps a member of a group silent for so many seconds; 0 = not any more. A group that is gone is fine. */
  muteMember(
    app: ImApp,
    mute: { groupId: string; userId: string; seconds: number },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Ends a user's IM connections and the UserSigs they were made with; one that IM does not know is fine. */
  kickUser(app: ImApp, userId: string, options?: ImCallOptions): Promise<void>;
  /** Asks something harmless: ends well where IM is reachable and accepts our keys. */
  check(app: ImApp, options?: ImCallOptions): Promise<void>;
}

interface ImAnswer {
  code: number;
  fields: Readonly<Record<string, unknown>>;
}

/** IM gives up by itself after 3 s, the Android app after 10 s: one try fits twice between them. */
const TRY_MS = 4_000;
const BUDGET_MS = 6_000;
const MAX_TRIES = 3;
const ADMIN_SIG_SECONDS = 86_400;

const RETRYABLE = new Set([
  10002, 10006, 40006, 60007, 60008, 60011, 60014, 60018, 60019, 70169, 70202, 70500, 90992, 90994, 90995, 91000,
]);
/** Our key, admin account or application is not what IM knows. */
const MISCONFIGURED = new Set([
  60004, 60005, 60006, 60010, 60012, 60016, 60021, 70001, 70002, 70003, 70005, 70009, 70013, 70014, 70016, 70020, 70403,
]);
const SIGNATURE = new Set([70001, 70003, 70005, 70009, 70013, 70014]);

const GROUP_EXISTS = new Set([10021, 10025]);
const GROUP_GONE = new Set([10010, 10015]);
const NO_SUCH_ACCOUNT = 10019;
/** The user is not known to IM, or is not in the group: there is nobody to silence or to send away. */
const NOBODY = new Set([10010, 10015, 10019, 70107]);
/** IM's "for ever" (https://cloud.tencent.com/document/product/269/1627). */
export const MUTE_FOREVER = 4_294_967_295;

/** Cuts a text so that its UTF-8 form has at most `bytes` bytes, between characters. */
function cutUtf8(text: string, bytes: number): string {
  let size = 0;
  let cut = '';
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    cut += character;
  }
  return cut;
}

export function isRetryable(error: unknown): boolean {
  if (!(error instanceof ImError)) return true;
  return error.failure !== 'refused' || RETRYABLE.has(error.code);
}

export interface ImParts {
  endpoint: string;
  signer: UserSigSigner;
  /** Milliseconds since 1970. */
  clock: () => number;
  metrics?: Metrics;
}

export function createImClient(parts: ImParts): ImClient {
  const { endpoint, signer, clock, metrics = NO_METRICS } = parts;
  /** By application and administrator: tenants of one application may have an account each. */
  const adminSigs = new Map<string, { sig: string; until: number }>();
  const keyOf = (app: ImApp) => `${app.sdkAppId} ${app.imAdmin}`;

  function adminSig(app: ImApp): string {
    const known = adminSigs.get(keyOf(app));
    if (known && known.until > clock()) return known.sig;
    const sig = signer.sign(app, app.imAdmin, ADMIN_SIG_SECONDS);
    adminSigs.set(keyOf(app), { sig, until: clock() + (ADMIN_SIG_SECONDS * 1000) / 2 });
    return sig;
  }

  async function post(app: ImApp, command: string, request: { body: object; timeoutMs: number }): Promise<ImAnswer> {
    const query = new URLSearchParams({
      sdkappid: String(app.sdkAppId),
      identifier: app.imAdmin,
      usersig: adminSig(app),
      random: String(randomInt(0, 2 ** 32)),
      contenttype: 'json',
    });
    const text = await fetch(`${endpoint}/v4/${command}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request.body),
      // It takes whole milliseconds only.
      signal: AbortSignal.timeout(Math.ceil(request.timeoutMs)),
      redirect: 'error',
    })
      .then(async (response) => (response.ok ? response.text() : Promise.reject(new ImError('unreachable'))))
      .catch(() => Promise.reject(new ImError('unreachable')));
    try {
      const answer: unknown = JSON.parse(text);
      const code = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'ErrorCode') : undefined;
      if (typeof code === 'number' && Number.isInteger(code)) return { code, fields: Object(answer) };
    } catch {}
    throw new ImError('nonsense');
  }

  /** One call with its retries; gives the answer for 0 and for the codes in `fine`, else throws an ImError. */
  async function call(
    app: ImApp,
    command: string,
    request: { body: object; fine?: ReadonlySet<number>; options?: ImCallOptions | undefined },
  ): Promise<ImAnswer['fields']> {
    const deadline = performance.now() + Math.min(request.options?.budgetMs ?? BUDGET_MS, BUDGET_MS);
    for (let tries = 1; ; tries += 1) {
      const started = performance.now();
      const left = deadline - started;
      const result = await post(app, command, { body: request.body, timeoutMs: Math.max(1, Math.min(TRY_MS, left)) })
        .then(({ code, fields }) => (code === 0 || request.fine?.has(code) ? fields : toImError(code)))
        .catch((reason: unknown) => (reason instanceof ImError ? reason : new ImError('unreachable')));
      const outcome = result instanceof ImError ? result.failure : 'ok';
      metrics.vendorCall({ vendor: 'im', command, outcome, ms: performance.now() - started });
      if (!(result instanceof ImError)) return result;
      const error = result;
      if (SIGNATURE.has(error.code)) adminSigs.delete(keyOf(app));
      const wait = 100 * tries + Math.random() * 100;
      const again = RETRYABLE.has(error.code) || SIGNATURE.has(error.code) || error.failure === 'unreachable';
      if (!again || tries >= MAX_TRIES || performance.now() + wait + 200 > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  const importAccount: ImClient['importAccount'] = async (app, user, options) => {
    await call(app, 'im_open_login_svc/account_import', {
      body: {
        UserID: user.userId,
        ...(user.nick && { Nick: user.nick }),
        ...(user.faceUrl && { FaceUrl: user.faceUrl }),
      },
      options,
    });
  };

  return {
    importAccount,
    async check(app, options) {
      await call(app, 'openim/query_online_status', { body: { To_Account: [app.imAdmin] }, options });
    },
    async createGroup(app, group, options) {
      const deadline = performance.now() + (options?.budgetMs ?? BUDGET_MS);
      const left = () => ({ budgetMs: Math.max(1, deadline - performance.now()) });
      const create = () =>
        call(app, 'group_open_http_svc/create_group', {
          body: {
            Type: 'AVChatRoom',
            GroupId: group.groupId,
            Owner_Account: group.owner,
            // IM takes at most 30 bytes of name and insists on one.
            Name: cutUtf8(group.name, 30) || cutUtf8(group.groupId, 30),
          },
          fine: GROUP_EXISTS,
          options: left(),
        });
      await create().catch(async (error: unknown) => {
        if (!(error instanceof ImError) || error.code !== NO_SUCH_ACCOUNT) throw error;
        // IM learns of a user at the first sign-in by its SDK; an owner it has never seen is introduced.
        await importAccount(app, { userId: group.owner }, left());
        await create();
      });
    },
    async destroyGroup(app, groupId, options) {
      await call(app, 'group_open_http_svc/destroy_group', { body: { GroupId: groupId }, fine: GROUP_GONE, options });
    },
    async groupCreatedAt(app, groupId, options) {
      const body = { GroupIdList: [groupId], ResponseFilter: { GroupBaseInfoFilter: ['CreateTime'] } };
      const { GroupInfo } = await call(app, 'group_open_http_svc/get_group_info', { body, options });
      const [info]: unknown[] = Array.isArray(GroupInfo) ? GroupInfo : [];
      const seconds: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'CreateTime') : undefined;
      return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
    },
    async notifyGroup(app, groupId, content, options) {
      const body = { GroupId: groupId, Content: content };
      await call(app, 'group_open_http_svc/send_group_system_notification', { body, fine: GROUP_GONE, options });
    },
    async muteMember(app, { groupId, userId, seconds }, options) {
      const MuteTime = Math.min(Math.ceil(seconds), MUTE_FOREVER);
      const body = { GroupId: groupId, Members_Account: [userId], MuteTime };
      await call(app, 'group_open_http_svc/forbid_send_msg', { body, fine: NOBODY, options });
    },
    async kickUser(app, userId, options) {
      await call(app, 'im_open_login_svc/kick', { body: { UserID: userId }, fine: NOBODY, options });
    },
  };
}

function toImError(code: number): ImError {
  return new ImError(MISCONFIGURED.has(code) ? 'misconfigured' : 'refused', code);
}
