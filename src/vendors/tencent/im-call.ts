/**
 * Calls the IM REST API: signed by UserSig, retried if that may help, judged by ErrorCode only. Which
 * calls there are is in im.ts.
 */
import { randomInt } from 'node:crypto';
import { type Fields, fieldsOf } from '../../base/fields';
import { type Metrics, NO_METRICS } from '../../base/metrics';
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
  /** One of the tries had no answer, so IM may have done it even if it refused a later one. */
  inDoubt = false;

  constructor(failure: ImFailure, code = 0) {
    super(`IM ${failure}${code ? ` ${code}` : ''}`);
    this.failure = failure;
    this.code = code;
  }
}

export interface ImCallOptions {
  /** Give up after this many milliseconds in total; at most BUDGET_MS. */
  budgetMs: number;
}

/** IM gives up after 3 s, the Android app after 10 s: two attempts fit in between. */
const TRY_MS = 4_000;
export const BUDGET_MS = 6_000;
export const MAX_TRIES = 3;
const ADMIN_SIG_SECONDS = 86_400;

const RETRYABLE = new Set([
  10002, 10006, 40006, 60007, 60008, 60011, 60014, 60018, 60019, 70169, 70202, 70500, 90992, 90994, 90995, 91000,
]);
/** Our key, admin account or application is not what IM knows. */
const MISCONFIGURED = new Set([
  60004, 60005, 60006, 60010, 60012, 60016, 60021, 70001, 70002, 70003, 70005, 70009, 70013, 70014, 70016, 70020, 70403,
]);
const SIGNATURE = new Set([70001, 70003, 70005, 70009, 70013, 70014]);

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

export interface ImCall {
  /** `service/command`, below /v4/. */
  command: string;
  body: object;
  /** ErrorCodes that are as good as 0. */
  fine?: ReadonlySet<number>;
  options?: ImCallOptions | undefined;
}

/** Makes one call with its retries; gives the fields of the answer for 0 and for the codes in `fine`, else throws an ImError. */
export type CallIm = (app: ImApp, call: ImCall) => Promise<Fields>;

interface ImAnswer {
  code: number;
  fields: Fields;
}

/** Administrators' UserSigs, each cached for half of its lifetime, by application and account. */
class AdminSigs {
  private readonly known = new Map<string, { sig: string; until: number }>();
  private readonly parts: Pick<ImParts, 'signer' | 'clock'>;

  constructor(parts: Pick<ImParts, 'signer' | 'clock'>) {
    this.parts = parts;
  }

  of(app: ImApp): string {
    const { signer, clock } = this.parts;
    const known = this.known.get(keyOf(app));
    if (known && known.until > clock()) return known.sig;
    const sig = signer.sign(app, app.imAdmin, ADMIN_SIG_SECONDS);
    this.known.set(keyOf(app), { sig, until: clock() + (ADMIN_SIG_SECONDS * 1000) / 2 });
    return sig;
  }

  /** IM rejects it. */
  delete(app: ImApp): void {
    this.known.delete(keyOf(app));
  }
}

function keyOf({ sdkAppId, imAdmin }: ImApp): string {
  return `${sdkAppId} ${imAdmin}`;
}

function toImError(code: number): ImError {
  return new ImError(MISCONFIGURED.has(code) ? 'misconfigured' : 'refused', code);
}

/** Parses a response of IM; throws ImError('nonsense') if it is none. */
function answerOf(text: string): ImAnswer {
  try {
    const fields = fieldsOf(JSON.parse(text));
    const code = fields['ErrorCode'];
    if (typeof code === 'number' && Number.isInteger(code)) return { code, fields };
  } catch {}
  throw new ImError('nonsense');
}

/** The text of a response. Every transport failure is ImError('unreachable'). */
function post(url: string, body: object, timeoutMs: number): Promise<string> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // It takes whole milliseconds only.
    signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
    redirect: 'error',
  })
    .then(async (response) => (response.ok ? response.text() : Promise.reject(new ImError('unreachable'))))
    .catch(() => Promise.reject(new ImError('unreachable')));
}

function mayHelpAgain({ code, failure }: ImError): boolean {
  return RETRYABLE.has(code) || SIGNATURE.has(code) || failure === 'unreachable';
}

export function createImCaller({ endpoint, signer, clock, metrics = NO_METRICS }: ImParts): CallIm {
  const adminSigs = new AdminSigs({ signer, clock });

  function urlOf(app: ImApp, command: string): string {
    const query = new URLSearchParams({
      sdkappid: String(app.sdkAppId),
      identifier: app.imAdmin,
      usersig: adminSigs.of(app),
      random: String(randomInt(0, 2 ** 32)),
      contenttype: 'json',
    });
    return `${endpoint}/v4/${command}?${query}`;
  }

  async function once(app: ImApp, { command, body }: ImCall, timeoutMs: number): Promise<ImAnswer> {
    return answerOf(await post(urlOf(app, command), body, timeoutMs));
  }

  /** One try, as it ends: never by throwing. */
  async function attempt(app: ImApp, call: ImCall, timeoutMs: number): Promise<Fields | ImError> {
    const started = performance.now();
    const { command, fine } = call;
    const result = await once(app, call, timeoutMs)
      .then(({ code, fields }) => (code === 0 || fine?.has(code) ? fields : toImError(code)))
      .catch((reason: unknown) => (reason instanceof ImError ? reason : new ImError('unreachable')));
    const outcome = result instanceof ImError ? result.failure : 'ok';
    metrics.vendorCall({ vendor: 'im', command, outcome, ms: performance.now() - started });
    return result;
  }

  return async (app, call) => {
    const deadline = performance.now() + Math.min(call.options?.budgetMs ?? BUDGET_MS, BUDGET_MS);
    let inDoubt = false;
    for (let tries = 1; ; tries += 1) {
      const left = deadline - performance.now();
      const result = await attempt(app, call, Math.max(1, Math.min(TRY_MS, left)));
      if (!(result instanceof ImError)) return result;
      inDoubt ||= result.failure === 'unreachable' || result.failure === 'nonsense';
      result.inDoubt = inDoubt;
      if (SIGNATURE.has(result.code)) adminSigs.delete(app);
      const wait = 100 * tries + Math.random() * 100;
      const timeIsUp = tries >= MAX_TRIES || performance.now() + wait + 200 > deadline;
      if (timeIsUp || !mayHelpAgain(result)) throw result;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
}
