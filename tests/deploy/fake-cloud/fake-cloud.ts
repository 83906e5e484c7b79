/**
 * A Tencent Cloud account on the loopback: one HTTP server for all products, which checks signature and parameters of
 * every request, stores the resources, and fails on demand. It behaves as the vendor's pages and SDK say and as others
 * reported; it was never compared with an account.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MysqlServer } from '../../../testkit/mysql-server';
import { type CloudKey, verifyTc3 } from '../../../testkit/tc3';
import { type Account, createAccount } from './account';
import { type Cls, createCls } from './cls';
import { type Cynosdb, createCynosdb } from './cynosdb';
import { checkRequest, products } from './models';
import { Refusal } from './refusal';
import { createScf, type Scf } from './scf';
import { localizedText } from './texts';
import { createThrottle } from './throttle';
import { createVpc, type Vpc } from './vpc';
import { createWorld, type Handlers, type World, type WorldOptions } from './world';

export interface CloudCall {
  /** `scf:CreateFunction` */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** The code of the refusal, or ''. */
  readonly refused: string;
}

export interface Mischief {
  readonly code: string;
  /** The work is done even so. */
  readonly done: boolean;
}

export interface FakeCloud {
  readonly endpoint: string;
  readonly keys: CloudKey;
  readonly calls: readonly CloudCall[];
  readonly world: World;
  readonly account: Account;
  readonly cynosdb: Cynosdb;
  readonly scf: Scf;
  readonly cls: Cls;
  readonly vpc: Vpc;
  /** The next calls of this action are refused with this code. */
  fail(name: string, code: string, times?: number): void;
  /** The next call of this action is done, and refused with this code even so. */
  doubt(name: string, code: string): void;
  /** Asked before each call: a fault to answer with, before the work or after it. */
  mischief: ((name: string) => Mischief | undefined) | undefined;
  /** Runs once, after the action is done and before its response; the response waits for it. */
  after(name: string, act: () => unknown): void;
  /** Everything that exists in the account. */
  resources(): string[];
  stop(): Promise<void>;
}

/** A signed request may have 10 MB (https://cloud.tencent.com/document/product/1130/46710). */
const largestRequest = 10 * 1024 * 1024;

/** `instanceEnvironment` is for a guard that the tests load into every instance. */
export interface FakeCloudOptions extends WorldOptions {
  /**
   * A separate server: databases and accounts have the same names in every fake cloud, so two of them on one server would
   * collide.
   */
  readonly mysql: MysqlServer;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface RefusedCall {
  readonly code: string;
  readonly message: string;
}

/** Every empty list of a response as null. */
function withNullLists(result: unknown): unknown {
  return JSON.parse(
    JSON.stringify(result, (_key, value: unknown) => (Array.isArray(value) && value.length === 0 ? null : value)) ??
      '{}',
  );
}

const header = (incoming: IncomingMessage, name: string) => String(incoming.headers[name] ?? '');

export async function startFakeCloud(options: FakeCloudOptions): Promise<FakeCloud> {
  const { mysql } = options;
  const keys: CloudKey = {
    secretId: `AKID${randomUUID().replaceAll('-', '')}`,
    secretKey: randomUUID().replaceAll('-', ''),
  };
  const world = createWorld(options);
  const { region } = world;
  const account = createAccount(world);
  const vpc = createVpc();
  const cls = createCls(account);
  const cynosdb = createCynosdb(world, { account, vpc, mysql });
  const scf = createScf(world, { account, cls, vpc });
  const handlers: Readonly<Record<string, Handlers>> = {
    scf: scf.handlers,
    cynosdb: cynosdb.handlers,
    vpc: vpc.handlers,
    cls: cls.handlers,
    cam: account.handlers,
    sts: account.handlers,
  };
  const calls: CloudCall[] = [];
  const failures = new Map<string, { code: string; times: number }>();
  const doubts = new Map<string, string>();
  const hooks = new Map<string, () => unknown>();

  const throttle = createThrottle(world);
  const listed = (name: string, code: string) => new Refusal(code, '').codeFor(name);
  const errors: unknown[] = [];
  /** A mistake of the fake itself is kept: `stop` throws it, so that no test passes over it. */
  function codeOf(name: string, error: unknown): string {
    try {
      if (error instanceof Refusal) return error.codeFor(name);
      errors.push(error);
    } catch (mistake) {
      errors.push(mistake);
    }
    return 'InternalError';
  }
  const textOf = (code: string, error: unknown): string =>
    world.localized ? localizedText(code) : error instanceof Error ? error.message : '';

  function failOnDemand(name: string): void {
    const failure = failures.get(name);
    if (!failure || failure.times === 0) return;
    failure.times -= 1;
    throw new Refusal(failure.code, `${name} was set to fail`);
  }

  async function act(incoming: IncomingMessage, raw: Buffer): Promise<unknown> {
    const [version, action] = [header(incoming, 'x-tc-version'), header(incoming, 'x-tc-action')];
    const product = products[version] ?? '';
    const name = `${product}:${action}`;
    let body: Record<string, unknown> = {};
    let refused = '';
    try {
      if (raw.length > largestRequest)
        throw new Refusal('RequestSizeLimitExceeded', 'the request is larger than 10 MB');
      const request = { method: 'POST', path: '/', query: new URLSearchParams(), headers: incoming.headers, body: raw };
      const badSignature = verifyTc3(request, keys, product);
      if (badSignature) throw new Refusal(badSignature.Code, badSignature.Message);
      body = JSON.parse(raw.toString() || '{}') as Record<string, unknown>;
      checkRequest(version, action, body);
      if (header(incoming, 'x-tc-region') !== region)
        throw new Refusal('UnsupportedRegion', 'this account is elsewhere');
      throttle(name);
      failOnDemand(name);
      const fault = cloud.mischief?.(name);
      if (fault?.done === false) throw new Refusal(fault.code, 'a fault at random');
      const handler = handlers[product]?.[action];
      if (!handler) throw new Refusal('UnsupportedOperation', `the fake cloud cannot do ${name}`);
      // checkRequest has compared the body with the SDK's model of this request.
      const result = await handler(body as never);
      if (fault?.done === true) throw new Refusal(fault.code, 'a fault at random');
      const code = doubts.get(name);
      doubts.delete(name);
      if (code !== undefined) throw new Refusal(code, `${name} was set to be unclear`);
      return world.nullLists ? withNullLists(result) : result;
    } catch (error) {
      const code = codeOf(name, error);
      refused = code;
      throw Object.assign(new Error(textOf(code, error)), { code });
    } finally {
      calls.push({ name, body, region: header(incoming, 'x-tc-region'), refused });
      const hook = hooks.get(name);
      hooks.delete(name);
      await hook?.();
    }
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const RequestId = randomUUID();
    const raw = await readBody(incoming);
    const answer = await act(incoming, raw).then(
      (result) => ({ ...(result as object), RequestId }),
      ({ code, message }: RefusedCall) => ({ Error: { Code: code, Message: message }, RequestId }),
    );
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ Response: answer }));
  }

  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cloud: FakeCloud = {
    mischief: undefined,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    calls,
    world,
    account,
    cynosdb,
    scf,
    cls,
    vpc,
    fail: (name, code, times = 1) => failures.set(name, { code: listed(name, code), times }),
    doubt: (name, code) => doubts.set(name, listed(name, code)),
    after: (name, hook) => hooks.set(name, hook),
    resources: () => [...scf.resources(), ...cls.resources(), ...cynosdb.resources(), ...vpc.resources()],
    async stop() {
      await scf.stop();
      await cynosdb.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sleep(0);
      if (errors.length > 0) throw errors[0];
    },
  };
  return cloud;
}
