/**
 * The ways a request can come in: a real socket, and the event shapes of API Gateway and Function URL
 * (https://cloud.tencent.com/document/product/583/31927 and 583/96099). One request, written once, goes through each.
 */
import { type Agent, request as httpRequest } from 'node:http';
import type { App } from '../src/http/app';
import { handleEvent } from '../src/http/scf-event';
import { checkAnswer } from './answers';

export interface Ask {
  method?: string;
  /** With the leading slash, without the query. */
  path: string;
  query?: readonly (readonly [string, string])[];
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export interface Envelope {
  errorCode: number;
  errorMessage: string;
  codeStr?: string;
  data?: unknown;
  requestId: string;
  version: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface Entrance {
  app: App;
  port: number;
  agent: Agent;
}

export type Way = 'http' | 'api-gateway' | 'function-url' | 'function-url-observed' | 'base64';
export const WAYS: readonly Way[] = ['http', 'api-gateway', 'function-url', 'function-url-observed', 'base64'];

function encodeQuery(ask: Ask): string {
  const query = new URLSearchParams(
    (ask.query ?? []).map(([name, value]): [string, string] => [name, value]),
  ).toString();
  return query === '' ? '' : `?${query}`;
}

export function overHttp(entrance: Pick<Entrance, 'port' | 'agent'>, ask: Ask & { rawUrl?: string }): Promise<Answer> {
  const { method = 'GET', headers = {}, body = '' } = ask;
  const length = Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: entrance.port,
        agent: entrance.agent,
        method,
        path: ask.rawUrl ?? `${ask.path}${encodeQuery(ask)}`,
        headers: { ...headers, ...(length > 0 && { 'content-length': String(length) }) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const plain = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(plain),
            text: Buffer.concat(parts).toString('utf8'),
          });
        });
      },
    );
    request.on('error', (error) => {
      // The server closed it as idle just when it was taken again; nothing of the request was read.
      if (request.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve(overHttp(entrance, ask));
      else reject(error);
    });
    request.end(body);
  });
}

/** Repeated names become lists, as API Gateway does it. */
function queryObject(ask: Ask): Record<string, string | string[]> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of ask.query ?? []) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  return Object.fromEntries(
    [...grouped].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')]),
  );
}

function eventOf(way: Exclude<Way, 'http'>, ask: Ask): object {
  const body = ask.body ?? '';
  const text = way === 'base64' ? Buffer.from(body).toString('base64') : body.toString();
  const method = ask.method ?? 'GET';
  const documented = {
    body: text,
    headers: { accept: '*/*', ...ask.headers },
    httpMethod: method,
    path: ask.path,
    queryString: queryObject(ask),
  };
  const empty = { headerParameters: {}, pathParameters: {}, queryStringParameters: {} };
  if (way === 'function-url') return documented;
  if (way === 'function-url-observed') {
    return { ...documented, ...empty, isBase64Encoded: false, requestContext: { sourceIp: '203.0.113.9' } };
  }
  return {
    ...documented,
    ...empty,
    stageVariables: { stage: 'release' },
    requestContext: {
      serviceId: 'service-f94sy04v',
      path: '/{path}',
      httpMethod: method,
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      identity: {},
      sourceIp: '203.0.113.9',
      stage: 'release',
    },
    // Seen as a text in one sample of the vendor.
    isBase64Encoded: way === 'base64' ? 'true' : 'false',
  };
}

export async function overEvent(entrance: Entrance, way: Exclude<Way, 'http'>, ask: Ask): Promise<Answer> {
  const reply = await handleEvent(entrance.app, eventOf(way, ask));
  const text = reply.isBase64Encoded ? Buffer.from(reply.body, 'base64').toString('utf8') : reply.body;
  return { status: reply.statusCode, headers: reply.headers, text };
}

export async function send(entrance: Entrance, way: Way, ask: Ask): Promise<Answer> {
  const answer = await (way === 'http' ? overHttp(entrance, ask) : overEvent(entrance, way, ask));
  checkAnswer({ method: ask.method ?? 'GET', path: ask.path, ...answer });
  return answer;
}

/** An answer without what belongs to the connection rather than to the application. */
export function essence({ status, headers, text }: Answer) {
  const { date, connection, 'keep-alive': keepAlive, 'content-length': length, ...own } = headers;
  return { status, headers: own, text };
}

export function envelopeOf(answer: Answer): Envelope {
  // What it really is, the tests check field by field.
  return JSON.parse(answer.text) as Envelope;
}
