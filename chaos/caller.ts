/** Makes one call over a real socket and writes it into the history. It repeats nothing: a lost answer stays lost. */
import { Agent, request as httpRequest } from 'node:http';
import { checkAnswer } from '../testkit/answers';
import type { Call, Outcome, Params } from './history';
import type { Recorder } from './recorder';

/** As long as the shipped Android app waits. */
const PATIENCE_MS = 10_000;
/** These answers leave it open whether the call took effect. */
const OPEN_CODES: ReadonlySet<number> = new Set([100, 101, 103, 104]);
/** Fields of answers that no history keeps. */
const SECRET_FIELDS = ['token', 'userSig', 'sdkUserSig', 'secret', 'key', 'sessionId'];

export interface Ask {
  by: string;
  tenant: string;
  name: string;
  params?: Params;
  /** Sent like params, and not recorded. */
  secrets?: Params;
  session?: string;
  /** The client's address, which the service believes to come from a proxy in front of it. */
  address?: string;
  /** An operator's key. */
  key?: string;
}

/** A service as its clients reach it. */
export interface Reached {
  readonly port: number;
  /** It is of an older version now. */
  readonly isOlder: boolean;
}

export interface Asked {
  call: Call;
  /** With the secrets that the caller needs. */
  data: Readonly<Record<string, unknown>>;
}

interface Reply {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  text: string;
}

interface Envelope {
  errorCode: number;
  errorMessage: string;
  data?: unknown;
}

function post(target: { port: number; agent: Agent; path: string; headers: Record<string, string> }, body: string) {
  return new Promise<Reply>((resolve, reject) => {
    const { port, agent, path, headers } = target;
    const outgoing = httpRequest({ host: '127.0.0.1', port, agent, method: 'POST', path, headers });
    const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), PATIENCE_MS);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', fail);
      incoming.on('close', () => {
        if (!incoming.complete) return fail(new Error('half an answer'));
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(parts).toString() });
      });
    });
    outgoing.end(body);
  });
}

function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'errorCode') === 'number';
}

function parse({ text }: Reply): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEnvelope(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function whyWrong(path: string, reply: Reply, envelope: Envelope | undefined): string {
  if (!envelope) return 'not an envelope';
  try {
    checkAnswer({ method: 'POST', path, ...reply });
    return '';
  } catch (error) {
    return String(error).split('\n')[0] ?? 'not of the contract';
  }
}

function outcomeOf(status: number, { errorCode }: Envelope): Outcome {
  if (errorCode === 0) return 'done';
  // 99 is a finding of its own; whether something happened nobody can say.
  return OPEN_CODES.has(errorCode) || errorCode === 99 || status >= 500 ? 'unknown' : 'refused';
}

function scrubbed(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !SECRET_FIELDS.includes(name)));
}

export class Caller {
  readonly #recorder: Recorder;
  readonly #services: readonly Reached[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(recorder: Recorder, services: readonly Reached[]) {
    this.#recorder = recorder;
    this.#services = services;
  }

  async ask(service: number, ask: Ask): Promise<Asked> {
    const { by, tenant, name, params = {}, secrets = {}, session = '' } = ask;
    for (const [field, secret] of Object.entries({ ...secrets, key: ask.key ?? '' }))
      this.#recorder.keepSecret(String(secret), field);
    const path = `/base/v1/${name}`;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (ask.address !== undefined) headers['x-forwarded-for'] = ask.address;
    if (ask.key !== undefined) headers['authorization'] = `Bearer ${ask.key}`;
    const { port = 0, isOlder = false } = this.#services[service] ?? {};
    const told = { id: this.#recorder.nextId(), by, tenant, name, params, session, service, isOlder };
    const began = this.#recorder.now();
    const target = { port, agent: this.#agent, path, headers };
    const reply = await post(target, JSON.stringify({ ...params, ...secrets })).catch((error: Error) => error);
    const times = { began, ended: this.#recorder.now() };
    if (reply instanceof Error) {
      const lost = {
        outcome: 'unknown',
        code: -1,
        status: 0,
        message: reply.message,
        data: undefined,
        wrong: '',
      } as const;
      return this.#recorded({ ...told, ...times, ...lost }, {});
    }
    const envelope = parse(reply);
    const { errorCode = -1, errorMessage = '', data } = envelope ?? {};
    const answer = { code: errorCode, status: reply.status, message: errorMessage, data: scrubbed(data) };
    const outcome = envelope ? outcomeOf(reply.status, envelope) : 'unknown';
    const call: Call = { ...told, ...times, outcome, ...answer, wrong: whyWrong(path, reply, envelope) };
    return this.#recorded(call, typeof data === 'object' && data !== null ? { ...data } : {});
  }

  #recorded(call: Call, data: Record<string, unknown>): Asked {
    for (const field of SECRET_FIELDS) this.#recorder.keepSecret(String(data[field] ?? ''), field);
    this.#recorder.calls.push(call);
    return { call, data };
  }

  close(): void {
    this.#agent.destroy();
  }
}
