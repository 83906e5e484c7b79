/**
 * The operators' API as its contract says, over lists in memory: keys and their scopes, required and unknown fields, pages by
 * cursor, and the effect of each sanction. The pages use it in a browser, with any number of live rooms.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { inBoth } from '../../../src/contract/error-messages';
import { type Calls, Refused } from './fake-operators-call';
import { callsOf } from './fake-operators-calls';
import { newWorld, type World } from './fake-operators-world';

const SCOPES = ['read', 'service', 'moderate', 'manage'];
const MAX_LIST = 200;
const MAX_COUNTED = 10_000;

export interface FakeOperators {
  /** The address, with its final slash. */
  base: string;
  world: World;
  /** Calls with their parameters, in order. */
  asked: { call: string; params: Record<string, unknown> }[];
  stop(): Promise<void>;
}

async function read(message: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of message) text += chunk;
  const parsed: unknown = JSON.parse(text || '{}');
  return { ...Object(parsed) };
}

function scopeOf(world: World, message: IncomingMessage): string {
  const key = /^Bearer (lrk_.+)$/.exec(message.headers.authorization ?? '')?.[1] ?? '';
  const scope = world.keys.get(key);
  if (scope === undefined) throw new Refused(401, 'SystemVerifyError(98): the key is not one of an operator');
  return scope;
}

/** A page of a list, the cursor being the place of its end. */
function pageOf(
  all: readonly unknown[],
  { limit = 50, cursor = '0', count }: { limit?: number; cursor?: string; count?: boolean },
) {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIST) throw new Refused(400, 'limit must be from 1 to 200');
  const from = Number(cursor);
  const end = from + limit;
  const total = count ? { total: Math.min(all.length, MAX_COUNTED), totalIsMore: all.length > MAX_COUNTED } : {};
  return { items: all.slice(from, end), cursor: end < all.length ? String(end) : '', ...total };
}

function run(calls: Calls, name: string, scope: string, params: Record<string, unknown>): unknown {
  const call = calls[name];
  if (!call) throw new Refused(404, 'SystemVerifyError(98): there is no such call');
  if (SCOPES.indexOf(scope) < SCOPES.indexOf(call.scope)) {
    throw new Refused(403, `SystemVerifyError(98): this call needs the scope ${call.scope}`);
  }
  const names = call.fields.map((field) => field.replace('*', ''));
  const known = new Set([...names, 'tenant', ...(call.list ? ['limit', 'cursor', 'count'] : [])]);
  for (const field of Object.keys(params)) {
    if (!known.has(field)) throw new Refused(400, `SystemVerifyError(98): ${field} is not a parameter of this call`);
  }
  for (const field of call.fields.filter((one) => one.endsWith('*')).map((one) => one.slice(0, -1))) {
    if (params[field] === undefined || params[field] === '') {
      throw new Refused(400, `SystemVerifyError(98): ${field} is required`);
    }
  }
  const data = call.run(params);
  return call.list && Array.isArray(data) ? pageOf(data, params) : data;
}

function meOf(world: World, scope: string) {
  const tenant = '*';
  return { name: 'alice', scope, tenant, expireUtc: '', im: world.im, covers: '', watch: world.watch };
}

export async function startFakeOperators({ rooms = 20 } = {}): Promise<FakeOperators> {
  const world = newWorld(rooms);
  const calls = callsOf(world);
  const asked: FakeOperators['asked'] = [];
  const server: Server = createServer((message, reply) => {
    const send = (status: number, body: object) =>
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const name = /^\/base\/v1\/admin\/(\w+)$/.exec(message.url ?? '')?.[1];
    const answer = async () => {
      if (name === undefined) throw new Refused(404, 'SystemVerifyError(98): there is no such endpoint');
      const scope = scopeOf(world, message);
      const params = await read(message);
      asked.push({ call: name, params });
      const data = name === 'me' ? meOf(world, scope) : run(calls, name, scope, params);
      if (typeof data === 'string') return void reply.writeHead(200, { 'content-type': 'text/csv' }).end(data);
      send(200, { errorCode: 0, errorMessage: '', ...(data !== undefined && { data }), requestId: '', version: '' });
    };
    answer().catch((error: unknown) => {
      const { status = 500, message: errorMessage } = Object(error);
      const detail = inBoth(String(errorMessage).replace(/^\w+\(98\): /, ''));
      send(status, { errorCode: 98, errorMessage, detail, requestId: '', version: '' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    base: `http://localhost:${typeof address === 'object' ? address?.port : 0}/`,
    world,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
