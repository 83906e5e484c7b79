/**
 * The client of the API for TypeScript and JavaScript, in browsers and in Node.js: one typed method per endpoint, the
 * md5 recipe of a sign-in, a keepalive while signed in, and a fresh token at start. It knows nothing of IM or TRTC: it
 * hands out the UserSig that their SDKs want.
 */
import md5 from 'md5';
import { CALLS, type Calls, type SignIn } from './client-contract';
import { type CallOptions, checkedAddress, NoAnswer, post, type TransportOptions } from './transport';

export type { Calls, ListUsersEntry, Room, SignIn } from './client-contract';
export { CALLS } from './client-contract';
export type { Abortable, Answered, CallOptions, Fetch, TransportOptions } from './transport';

export type CallName = keyof Calls;
export type CallInput<N extends CallName> = Calls[N]['input'];
export type CallData<N extends CallName> = Calls[N]['data'];

/** What identifies a signed-in user between two starts of an app. The token is as good as a password: store it so. */
export interface SavedSession {
  userId: string;
  token: string;
}

/** Why there is no session any more: the user left, the account is gone, or the service refused the token (203, 204). */
export type SignedOutReason = 'signed-out' | 'deleted' | 'refused';

/** One request and its answer, as they happened. Holds tokens: for screens of developers, never for logs. */
export interface CallRecord {
  name: CallName;
  url: string;
  body: Readonly<Record<string, unknown>>;
  /** The answer's JSON; undefined where there was none. */
  answer: unknown;
  /** HTTP status; 0 where there was no answer. */
  status: number;
  startedAt: Date;
  ms: number;
  error: LiveRoomError | undefined;
}

export interface ClientOptions extends TransportOptions {
  /** Tenant; left out for the default one. */
  apaasAppId?: string;
  /** Milliseconds between two beats while signed in; 0 = none. Default 10 000, as the API asks for. */
  keepaliveMs?: number;
  /** Sees every call after it ended, keepalives too. */
  onCall?: (record: CallRecord) => void;
  /** Told whenever there is a new session: sign-in and token refresh. The place to save it. */
  onSignedIn?: (session: SignIn) => void;
  onSignedOut?: (reason: SignedOutReason) => void;
}

/** Codes the client makes itself, where there is no answer to read. */
export const UNREACHABLE = -1;
export const NOT_AN_ANSWER = -2;
/** The caller's signal gave the call up. */
export const ABORTED = -3;

/** A call that did not succeed. `code` is the errorCode of the API, or one of the negative ones above. */
export class LiveRoomError extends Error {
  override readonly name = 'LiveRoomError';
  readonly code: number;
  readonly call: CallName;
  /** Names the request in the service's log; empty where there was no answer. */
  readonly requestId: string;
  /** Why the user was banned or kicked, or the broadcast ended, to be worded by the app; undefined for any other error. */
  readonly refusal: Refusal | undefined;

  constructor(
    call: CallName,
    message: string,
    details: { code: number; requestId?: string; cause?: unknown; refusal?: Refusal | undefined },
  ) {
    super(message, { cause: details.cause });
    this.call = call;
    this.code = details.code;
    this.requestId = details.requestId ?? '';
    this.refusal = details.refusal;
  }
}

export interface Refusal {
  reason: string;
  /** `YYYY-MM-DD HH:mm:ss`; '' = permanently, or until the broadcast ends. */
  untilUtc: string;
  untilBroadcastEnds: boolean;
  /** What reports/appeal takes; '' = nothing to appeal against. */
  sanctionId: string;
}

/** What register is given instead of the password: md5(username-password). */
export function saltOf(username: string, password: string): string {
  return md5(`${username}-${password}`);
}

export interface Signable {
  username: string;
  /** The salt of the user, or the fixed secret of the tag. */
  secret: string;
  tag?: string;
  ts?: string;
  nonce?: string;
}

/** md5(username-tag-ts-nonce-secret); absent parts are empty. */
export function signatureOf({ username, secret, tag = '', ts = '', nonce = '' }: Signable): string {
  return md5(`${username}-${tag}-${ts}-${nonce}-${secret}`);
}

export interface Credentials {
  username: string;
  password: string;
  nickname?: string;
  avatar?: string;
  tag?: string;
}

/** The input may be left out where nothing in it is required. */
type InputOf<N extends CallName> =
  Record<string, never> extends CallInput<N>
    ? [input?: CallInput<N>, options?: CallOptions]
    : [input: CallInput<N>, options?: CallOptions];
type Methods = { [N in CallName]: (...input: InputOf<N>) => Promise<CallData<N>> };

interface Answer {
  errorCode: number;
  errorMessage: string;
  requestId: string;
  data: unknown;
  refusal: Refusal | undefined;
}

function readRefusal(answer: object): Refusal | undefined {
  const { reason, untilUtc, untilBroadcastEnds, sanctionId } = Object.fromEntries(Object.entries(answer));
  if (typeof reason !== 'string') return undefined;
  return {
    reason,
    untilUtc: String(untilUtc ?? ''),
    untilBroadcastEnds: untilBroadcastEnds === true,
    sanctionId: String(sanctionId ?? ''),
  };
}

/** null where it is not an answer of the API. */
function readAnswer(json: unknown): Answer | null {
  if (typeof json !== 'object' || json === null) return null;
  const { errorCode, errorMessage, requestId, data } = Object.fromEntries(Object.entries(json));
  if (typeof errorCode !== 'number') return null;
  const refusal = readRefusal(json);
  return { errorCode, errorMessage: String(errorMessage ?? ''), requestId: String(requestId ?? ''), data, refusal };
}

const TOKEN_REFUSED = new Set([203, 204]);

export class LiveRoomClient {
  /** `client.api.queryRoom({ limit: 20 })`: every endpoint by its name; the caller and the token are added. */
  readonly api: Methods;
  readonly #options: ClientOptions;
  readonly #base: string;
  #session: SignIn | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#base = `${checkedAddress(options.baseUrl)}/base/v1/`;
    const names = Object.keys(CALLS);
    // One method for every name of the table, which is what Methods says.
    this.api = Object.fromEntries(
      names.map((name) => [
        name,
        (input?: object, options?: CallOptions) => this.#callAsCaller(name as CallName, { ...input }, options),
      ]),
    ) as unknown as Methods;
  }

  /** The last sign-in or token refresh; undefined while signed out. */
  get session(): SignIn | undefined {
    return this.#session;
  }

  /** Makes an account. Throws a LiveRoomError with code 98 where the name is taken. */
  async register(username: string, password: string): Promise<void> {
    await this.api.register({ username, salt: saltOf(username, password) });
  }

  /** Signs in with a password and starts the keepalive. Code 98: wrong name or password. */
  async signIn(credentials: Credentials): Promise<SignIn> {
    const { username, password, tag, ...profile } = credentials;
    const ts = String(Date.now());
    const nonce = Math.random().toString(36).slice(2, 12);
    const signed = { username, ts, nonce, ...(tag !== undefined && { tag }) };
    const signature = signatureOf({ ...signed, secret: saltOf(username, password) });
    return this.#begin(await this.call('signature', { ...signed, ...profile, signature }));
  }

  /** Signs in with a JWT of your identity provider. Code 203: it has expired; 210: it is not valid. */
  async exchange(idToken: string, profile: { nickname?: string; avatar?: string } = {}): Promise<SignIn> {
    return this.#begin(await this.call('exchange', { idToken, ...profile }));
  }

  /** At the start of an app: a saved session gives a new one, with a new token and UserSig, and the keepalive starts. */
  async resume(saved: SavedSession): Promise<SignIn> {
    const { userId, token } = saved;
    return this.#begin(await this.#request('userLoginToken', { userId, token }));
  }

  /** Goes on with a session that was signed in a moment ago; nothing is asked of the service. */
  adopt(session: SignIn): SignIn {
    return this.#begin(session);
  }

  /** Ends the session here at once, and in the service. */
  async signOut(): Promise<void> {
    const caller = this.#caller();
    this.#end('signed-out');
    if (caller) await this.#request('userLogout', caller);
  }

  /** Deletes the account, its sessions and rooms. */
  async deleteAccount(): Promise<void> {
    await this.call('userDelete');
    this.#end('deleted');
  }

  /** Stops the keepalive and forgets the session; the service is not told. */
  close(): void {
    this.#stopKeepalive();
    this.#session = undefined;
  }

  /** Any call by its name. Throws a LiveRoomError for every errorCode but 0. */
  async call<N extends CallName>(name: N, ...[input, options]: InputOf<N>): Promise<CallData<N>> {
    return this.#callAsCaller(name, { ...input }, options);
  }

  #callAsCaller<N extends CallName>(name: N, input: object, options?: CallOptions): Promise<CallData<N>> {
    const caller = CALLS[name].caller ? this.#caller() : undefined;
    return this.#request(name, { ...caller, ...input }, options);
  }

  #caller(): SavedSession | undefined {
    return this.#session && { userId: this.#session.userId, token: this.#session.token };
  }

  #begin(session: SignIn): SignIn {
    this.#stopKeepalive();
    this.#session = session;
    const { keepaliveMs = 10_000, onSignedIn } = this.#options;
    if (keepaliveMs > 0) {
      this.#timer = setInterval(() => void this.api.userKeepalive().catch(() => undefined), keepaliveMs);
      // In Node.js a beat alone must not keep a program running; browsers have numbers for timers.
      const timer: unknown = this.#timer;
      if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
    }
    onSignedIn?.(session);
    return session;
  }

  #end(reason: SignedOutReason): void {
    const wasSignedIn = this.#session !== undefined;
    this.close();
    if (wasSignedIn) this.#options.onSignedOut?.(reason);
  }

  #stopKeepalive(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #request<N extends CallName>(name: N, input: object, options: CallOptions = {}): Promise<CallData<N>> {
    const { apaasAppId, onCall } = this.#options;
    const record: CallRecord = {
      name,
      url: this.#base + CALLS[name].path,
      body: { ...(apaasAppId !== undefined && { apaasAppId }), ...input },
      answer: undefined,
      status: 0,
      startedAt: new Date(),
      ms: 0,
      error: undefined,
    };
    const started = performance.now();
    try {
      // The type was made from the contract that the service answers by; its tests hold every answer against it.
      return (await this.#send(record, options)) as CallData<N>;
    } catch (error) {
      record.error = error instanceof LiveRoomError ? error : undefined;
      this.#forgetIfRefused(record);
      throw error;
    } finally {
      record.ms = performance.now() - started;
      onCall?.(record);
    }
  }

  /** The token that was refused may be an older one than the session's. */
  #forgetIfRefused({ error, body }: CallRecord): void {
    const current = body['token'] !== undefined && body['token'] === this.#session?.token;
    if (error && current && TOKEN_REFUSED.has(error.code)) this.#end('refused');
  }

  async #send(record: CallRecord, { signal }: CallOptions): Promise<unknown> {
    const { timeoutMs = 10_000, retries = 2, fetch: send } = this.#options;
    const { name, url, body } = record;
    const fail = (code: number, message: string, cause?: unknown) => new LiveRoomError(name, message, { code, cause });
    const repeats = CALLS[name].repeatable ? retries : 0;
    const response = await post(send, { url, body, timeoutMs, retries: repeats, signal }).catch((cause: unknown) => {
      const aborted = cause instanceof NoAnswer && cause.aborted;
      throw fail(aborted ? ABORTED : UNREACHABLE, cause instanceof Error ? cause.message : String(cause), cause);
    });
    record.status = response.status;
    record.answer = await response.json().catch((cause: unknown) => {
      throw fail(NOT_AN_ANSWER, `HTTP ${response.status} without a JSON answer: is the address right?`, cause);
    });
    const answer = readAnswer(record.answer);
    if (!answer) throw fail(NOT_AN_ANSWER, `HTTP ${response.status} with an answer of something else`);
    const { errorCode, errorMessage, requestId, data, refusal } = answer;
    if (errorCode !== 0) throw new LiveRoomError(name, errorMessage, { code: errorCode, requestId, refusal });
    return data;
  }
}
