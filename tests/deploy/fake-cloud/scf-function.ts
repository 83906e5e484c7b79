/** One function of the fake cloud with its versions, and the instances that run it. */
import { randomUUID } from 'node:crypto';
import type { CreateFunctionRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import type { Cls } from './cls';
import {
  type EventInstance,
  type InstanceOptions,
  startEventInstance,
  startWebInstance,
  type WebInstance,
} from './instance';
import { Refusal } from './refusal';
import type { Status, World } from './world';

/** Code and configuration at one moment; a published version never changes. */
export interface Revision {
  readonly qualifier: string;
  readonly configuration: Omit<CreateFunctionRequest, 'Code'>;
  readonly code: Buffer;
  readonly description: string;
  readonly status: Status;
  /** The reason of a state that ends in `…Failed`; `code: text`. */
  readonly reason: string;
  readonly addedAt: string;
  /** Calls see it from then on; milliseconds since 1970. */
  readonly visibleAt: number;
}

/** `2026-11-30 08:00:00`, as the API writes times. */
export const dateText = (): string => new Date().toISOString().slice(0, 19).replace('T', ' ');

export interface Trigger {
  readonly name: string;
  readonly type: string;
  readonly qualifier: string;
  description: string;
  enabled: boolean;
  /** The domain of a Function URL; shown in lists from `shownAt` on. */
  url: string;
  readonly shownAt: number;
  stop(): Promise<void>;
}

export interface Alias {
  readonly version: string;
  /** Further versions that get a part of the requests. */
  readonly weights: readonly string[];
  /** The version before, which requests reach for a while after the move; '' = none. */
  readonly before: string;
  /** Requests reach the new version from then on; milliseconds since 1970. */
  readonly movedAt: number;
}

export interface FakeFunction {
  readonly name: string;
  /** Calls see it from then on; milliseconds since 1970. */
  readonly visibleAt: number;
  latest: Revision;
  readonly versions: Map<string, Revision>;
  readonly aliases: Map<string, Alias>;
  readonly triggers: Trigger[];
}

export interface CallResult {
  readonly requestId: string;
  readonly result: unknown;
  readonly error: string;
  readonly lines: readonly string[];
  readonly milliseconds: number;
}

const missingVersion = ['ResourceNotFound.Version', 'ResourceNotFound.FunctionVersion', 'ResourceNotFound.Qualifier'];

/** The revision that a version number, an alias or `$LATEST` names. */
export function revisionOf(target: FakeFunction, qualifier: string): Revision {
  const version = target.aliases.get(qualifier)?.version ?? qualifier;
  const revision = version === '$LATEST' ? target.latest : target.versions.get(version);
  if (!revision) throw new Refusal(missingVersion, `${target.name} has no ${qualifier}`);
  return revision;
}

/** The keys of a function's role. */
export const roleKeys = {
  secretId: `AKIDrole${randomUUID().replaceAll('-', '')}`,
  secretKey: randomUUID(),
  token: randomUUID(),
};

function environmentOf(
  { region, appId, uin, instanceEnvironment }: World,
  name: string,
  revision: Revision,
): Record<string, string> {
  const { Environment, Role, Type } = revision.configuration;
  const own = (Environment?.Variables ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
  // A web function gets them with each request.
  const keys =
    Role && Type !== 'HTTP'
      ? {
          TENCENTCLOUD_SECRETID: roleKeys.secretId,
          TENCENTCLOUD_SECRETKEY: roleKeys.secretKey,
          TENCENTCLOUD_SESSIONTOKEN: roleKeys.token,
        }
      : {};
  return {
    ...instanceEnvironment,
    ...Object.fromEntries(own),
    ...keys,
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: region,
    TENCENTCLOUD_APPID: appId,
    TENCENTCLOUD_UIN: uin,
    SCF_FUNCTIONNAME: name,
    SCF_FUNCTIONVERSION: revision.qualifier,
    SCF_NAMESPACE: 'default',
    _SCF_SERVER_PORT: '9000',
    TZ: 'UTC',
  };
}

interface Running {
  readonly instance: EventInstance;
  /** Receives the lines of the current call. */
  readonly sink: { lines: string[] };
}

/** Runs functions. Web functions one at a time, for all of them listen on the same port of this machine. */
export class Runtime {
  readonly #world: World;
  readonly #cls: Cls;
  #web: { key: string; instance: WebInstance } | undefined;
  readonly #idle = new Map<string, Running[]>();
  #starting: Promise<unknown> = Promise.resolve();
  /** How many instances were ever started. */
  started = 0;

  /** Functions of an account in arrears are stopped. */
  get suspended(): boolean {
    return this.#world.pays === 'arrears';
  }

  constructor(world: World, cls: Cls) {
    this.#world = world;
    this.#cls = cls;
  }

  #options(name: string, revision: Revision, sink?: { lines: string[] }): InstanceOptions {
    const { ClsTopicId = '', InitTimeout = 65 } = revision.configuration;
    this.started += 1;
    return {
      code: revision.code,
      environment: environmentOf(this.#world, name, revision),
      initTimeout: InitTimeout * 1000,
      onLine: (line) => {
        sink?.lines.push(line);
        this.#log(ClsTopicId, name, line);
      },
    };
  }

  #log(topicId: string, name: string, message: string, requestId = ''): void {
    this.#cls.write(topicId, {
      SCF_FunctionName: name,
      SCF_Type: requestId === '' ? 'Custom' : 'Platform',
      SCF_RequestId: requestId,
      SCF_Message: message,
    });
  }

  /** The revision that requests to this URL reach: for a while after an alias was moved, the version before. */
  served(target: FakeFunction, qualifier: string): Revision {
    const alias = target.aliases.get(qualifier);
    const moved = alias && /^\d+$/.test(alias.before) && this.#world.now() < alias.movedAt;
    return revisionOf(target, moved ? alias.before : qualifier);
  }

  /** The host name of a Function URL, which the function sees; the tests reach it at the loopback. */
  hostOf(name: string): string {
    const { appId, region } = this.#world;
    return `${appId}-${Buffer.from(name).toString('hex').slice(0, 10)}.${region}.tencentscf.com`;
  }

  /** Makes sure that this revision's web server listens; that of another revision is stopped. */
  async web(name: string, revision: Revision): Promise<void> {
    const start = async () => {
      const key = `${name}:${revision.qualifier}`;
      if (this.#web?.key === key) return;
      await this.#web?.instance.stop();
      this.#web = undefined;
      this.#web = { key, instance: await startWebInstance(this.#options(name, revision)) };
    };
    const turn = this.#starting.then(start, start);
    this.#starting = turn;
    await turn;
  }

  #context(name: string, revision: Revision, requestId: string) {
    const { MemorySize = 128, Timeout = 3, Environment } = revision.configuration;
    const pairs = (Environment?.Variables ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
    return {
      callbackWaitsForEmptyEventLoop: true,
      memory_limit_in_mb: MemorySize,
      time_limit_in_ms: Timeout * 1000,
      request_id: requestId,
      environment: JSON.stringify(Object.fromEntries(pairs)),
      environ: pairs.map(([key, value]) => `${key}=${value}`).join(';'),
      function_version: revision.qualifier,
      function_name: name,
      namespace: 'default',
      tencentcloud_region: this.#world.region,
      tencentcloud_appid: this.#world.appId,
      tencentcloud_uin: this.#world.uin,
    };
  }

  /** Calls main_handler in an instance that is idle, or a new one. Logs the return value, as SCF does. */
  async call(name: string, revision: Revision, event: unknown): Promise<CallResult> {
    const key = `${name}:${revision.qualifier}`;
    const requestId = randomUUID();
    const lines: string[] = [];
    const began = Date.now();
    const { Timeout = 3, ClsTopicId = '' } = revision.configuration;
    const done = (result: unknown, error: string) => {
      this.#log(
        ClsTopicId,
        name,
        `Response RequestId:${requestId} RetMsg:${JSON.stringify(result) ?? error}`,
        requestId,
      );
      return { requestId, result, error, lines, milliseconds: Date.now() - began };
    };
    let running: Running | undefined;
    try {
      running = this.#idle.get(key)?.pop() ?? (await this.#start(name, revision));
      running.sink.lines = lines;
      const result = await running.instance.call(event, this.#context(name, revision, requestId), Timeout * 1000);
      this.#idle.set(key, [...(this.#idle.get(key) ?? []), running]);
      return done(result, '');
    } catch (error) {
      await running?.instance.stop();
      return done(undefined, error instanceof Error ? error.message : String(error));
    }
  }

  async #start(name: string, revision: Revision): Promise<Running> {
    const sink = { lines: [] as string[] };
    return { sink, instance: await startEventInstance(this.#options(name, revision, sink)) };
  }

  /** Ends what runs of a function, or of one revision of it. */
  async stop(name: string, qualifier?: string): Promise<void> {
    const ours = (key: string) => (qualifier ? key === `${name}:${qualifier}` : key.startsWith(`${name}:`));
    for (const [key, instances] of this.#idle) {
      if (!ours(key)) continue;
      this.#idle.delete(key);
      await Promise.all(instances.map(({ instance }) => instance.stop()));
    }
    if (this.#web && ours(this.#web.key)) {
      await this.#web.instance.stop();
      this.#web = undefined;
    }
  }

  async stopAll(): Promise<void> {
    await this.#web?.instance.stop();
    this.#web = undefined;
    await Promise.all([...this.#idle.values()].flat().map(({ instance }) => instance.stop()));
    this.#idle.clear();
  }
}
