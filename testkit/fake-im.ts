/**
 * A loopback server that behaves as the IM REST API (https://cloud.tencent.com/document/api/269/1519): checks the query
 * and the admin's UserSig for real, keeps the groups and accounts of several apps, and fails on demand.
 * What each command does is in fake-im-commands.ts.
 */
import { type Failure, FailureSwitches, type FakeRequest, startFakeServer } from './fake-http';
import {
  commands,
  type FakeAccount,
  type FakeGroup,
  type ImAnswer,
  type ImApp,
  type OnlineStatus,
  refusal,
  type SentMessage,
} from './fake-im-commands';
import { verifyUserSig } from './usersig';

export interface FakeImApp {
  readonly sdkAppId: number;
  readonly secret: string;
  /** The plan's limit of AVChatRooms that exist at once; above it 10036. Default: none. */
  readonly maxAvChatRooms?: number;
  /** What groups are dated by (ms since 1970). Default: the machine's. */
  readonly clock?: () => number;
  /** True refuses owners and users nobody imported, with 10019 and 70107. Default false: everybody has signed in once. */
  readonly requireAccounts?: boolean;
}

export interface FakeImOptions extends FakeImApp {
  /** The admin account that calls must come from. Default `administrator`. */
  readonly admin?: string;
}

export interface ImCall {
  /** The last segment of the path, for example `create_group`. */
  readonly command: string;
  /** As the query claims, whether or not the signature was good. */
  readonly sdkAppId: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface FakeIm {
  readonly url: string;
  /** Every call in order of arrival, the refused and failed ones too. */
  readonly calls: readonly ImCall[];
  addApp(app: FakeImApp): void;
  /** The groups of one app, by GroupId. The live map: a test may add a group that somebody else made. */
  groups(sdkAppId: number): Map<string, FakeGroup>;
  /** The imported accounts of one app, by UserID. */
  accounts(sdkAppId: number): Map<string, FakeAccount>;
  /** Codes with which account_delete refuses accounts of one app, by UserID. */
  undeletable(sdkAppId: number): Map<string, number>;
  /** Users of one app whose connections were ended, in order. */
  kicked(sdkAppId: number): readonly string[];
  /** Seconds of silence by "group user". */
  muted(sdkAppId: number): ReadonlyMap<string, number>;
  notices(sdkAppId: number): readonly { groupId: string; content: string }[];
  /** Messages sent in somebody's name. */
  sent(sdkAppId: number): readonly SentMessage[];
  /** Messages taken back: "group seq". */
  recalled(sdkAppId: number): readonly string[];
  /** What query_online_status says of a user; Offline until set. */
  setOnlineStatus(sdkAppId: number, userId: string, status: OnlineStatus): void;
  fail(failure: Failure<number>): void;
  /** Switches all failures off; groups, accounts and calls stay. */
  clear(): void;
  connections(): number;
  stop(): Promise<void>;
}

function parseBody(body: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A whole number as the gateway takes it: digits only, at most `max`. */
function parseCount(text: string | null, max: number): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

class ImServer {
  readonly #admin: string;
  readonly #apps = new Map<number, ImApp>();
  readonly #failures = new FailureSwitches<number>();
  readonly calls: ImCall[] = [];

  constructor(admin: string) {
    this.#admin = admin;
  }

  addApp(added: FakeImApp): void {
    const { sdkAppId, secret, maxAvChatRooms = Number.POSITIVE_INFINITY, requireAccounts = false } = added;
    const { clock = Date.now } = added;
    const state = {
      groups: new Map(),
      accounts: new Map(),
      undeletable: new Map(),
      online: new Map(),
      kicked: [],
      muted: new Map(),
      notices: [],
      sent: [],
      recalled: [],
    };
    this.#apps.set(sdkAppId, { sdkAppId, secret, maxAvChatRooms, requireAccounts, clock, ...state });
  }

  app(sdkAppId: number): ImApp {
    const app = this.#apps.get(sdkAppId);
    if (app === undefined) throw new Error(`the fake IM has no app ${sdkAppId}; use addApp`);
    return app;
  }

  get failures(): FailureSwitches<number> {
    return this.#failures;
  }

  respond(request: FakeRequest): { json: ImAnswer; failure: Failure<number> | undefined } {
    const command = request.path.split('/').at(-1) ?? '';
    const body = parseBody(request.body);
    const sdkAppId = Number(request.query.get('sdkappid') ?? Number.NaN);
    this.calls.push({ command, sdkAppId, body: body ?? {}, at: Date.now() });
    const failure = this.#failures.take(command);
    const failsFirst = failure !== undefined && isFault(failure) && failure.applied !== true;
    const answer = failsFirst ? refusal(0, '') : this.#execute(request, body);
    const code = failure?.errorCode;
    return { json: code === undefined ? answer : refusal(code, 'switched on by the test'), failure };
  }

  #execute(request: FakeRequest, body: Record<string, unknown> | undefined): ImAnswer {
    if (request.method !== 'POST') return refusal(60002, 'only POST is supported');
    const run = commands[request.path.replace(/^\/+/, '')];
    if (run === undefined) return refusal(60009, 'no such service or command');
    const app = this.#authenticate(request.query);
    if ('ErrorCode' in app) return app;
    if (body === undefined) return refusal(60003, 'the body is not a JSON object');
    return run(app, body);
  }

  #authenticate(query: URLSearchParams): ImApp | ImAnswer {
    if (!query.has('sdkappid')) return refusal(60012, 'no sdkappid');
    const app = this.#apps.get(parseCount(query.get('sdkappid'), 4_294_967_295) ?? -1);
    if (app === undefined) return refusal(60006, 'no such sdkappid');
    if (query.get('contenttype') !== 'json') return refusal(60002, 'contenttype must be json');
    if (parseCount(query.get('random'), 4_294_967_295) === undefined) return refusal(60002, 'random must be a uint32');
    const identifier = query.get('identifier') ?? '';
    if (identifier === '') return refusal(60004, 'no identifier');
    const { sdkAppId, secret } = app;
    const verdict = verifyUserSig(query.get('usersig') ?? '', { sdkAppId, secret, identifier });
    if (!verdict.ok) return refusal(verdict.errorCode, verdict.reason);
    return identifier === this.#admin ? app : refusal(60010, 'not an administrator of the app');
  }
}

function isFault({ errorCode, httpStatus, garbage, hang, reset }: Failure<number>): boolean {
  return errorCode !== undefined || httpStatus !== undefined || garbage === true || hang === true || reset === true;
}

/** Starts the fake with one app; addApp gives it more. */
export async function startFakeIm({ admin = 'administrator', ...app }: FakeImOptions): Promise<FakeIm> {
  const im = new ImServer(admin);
  im.addApp(app);
  const server = await startFakeServer((request) => im.respond(request));
  return {
    url: server.url,
    calls: im.calls,
    addApp: (more) => im.addApp(more),
    groups: (sdkAppId) => im.app(sdkAppId).groups,
    accounts: (sdkAppId) => im.app(sdkAppId).accounts,
    undeletable: (sdkAppId) => im.app(sdkAppId).undeletable,
    kicked: (sdkAppId) => im.app(sdkAppId).kicked,
    muted: (sdkAppId) => im.app(sdkAppId).muted,
    notices: (sdkAppId) => im.app(sdkAppId).notices,
    sent: (sdkAppId) => im.app(sdkAppId).sent,
    recalled: (sdkAppId) => im.app(sdkAppId).recalled,
    setOnlineStatus: (sdkAppId, userId, status) => void im.app(sdkAppId).online.set(userId, status),
    fail: (failure) => im.failures.add(failure),
    clear: () => im.failures.clear(),
    connections: server.connections,
    stop: server.stop,
  };
}
