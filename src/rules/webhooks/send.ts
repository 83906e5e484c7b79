/** One attempt: signs an event (https://www.standardwebhooks.com), sends it and keeps the response. */
import { createHmac, randomBytes } from 'node:crypto';
import { type ClientRequest, Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { hostOf, isInside, lookUpOutside } from './targets';

const PREFIX = 'whsec_';
/** Characters of a response that are stored with the attempt. */
const KEPT_BODY = 2_000;
const KEPT_HEADERS = 2_000;
/** This much of a response is read (bytes); the rest is not awaited. */
const MAX_ANSWER = 65_536;
export const ATTEMPT_MS = 10_000;

export function newSecret(): string {
  return `${PREFIX}${randomBytes(24).toString('base64')}`;
}

function signatureOf(secret: string, message: { id: string; seconds: number; body: string }): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const text = `${message.id}.${message.seconds}.${message.body}`;
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

export type Connections = HttpAgent | HttpsAgent;

/**
 * The connections to one receiver, reused while deliveries follow; the caller
 * destroys them. Webhooks do not share them, so a hanging receiver blocks no other.
 */
export function connectionsOf(url: string): Connections {
  const options = { keepAlive: true };
  return url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
}

export interface Attempt {
  connections: Connections;
  url: string;
  secret: string;
  eventId: string;
  body: string;
  /** Milliseconds since 1970. */
  now: number;
  allowPrivate: boolean;
}

/** The stored parts of the request and the response. */
export interface Exchange {
  /** HTTP status; 0 = no response in time, or the address is refused. */
  status: number;
  /** Why there is no response; else ''. */
  fault: string;
  /** Lines `name: value`, without the signature, with which the event could be sent by others. */
  requestHeaders: string;
  responseHeaders: string;
  responseBody: string;
}

const linesOf = (headers: readonly (readonly [string, unknown])[]) =>
  headers.map(([name, value]) => `${name}: ${String(value)}`).join('\n');

/** Decodes a callback. Never throws. */
export async function send({
  url: text,
  secret,
  eventId,
  body,
  now,
  allowPrivate,
  connections,
}: Attempt): Promise<Exchange> {
  const url = new URL(text);
  const host = hostOf(url);
  // Names are checked when they are looked up; an address is not looked up.
  if (!allowPrivate && isIP(host) > 0 && isInside(host)) {
    const fault = 'the address is inside the internal network (WEBHOOK_ALLOW_PRIVATE)';
    return { status: 0, fault, requestHeaders: '', responseHeaders: '', responseBody: '' };
  }
  const seconds = Math.floor(now / 1000);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'live-room-webhooks',
    'webhook-id': eventId,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatureOf(secret, { id: eventId, seconds, body }),
  };
  const options = { method: 'POST', headers, agent: connections, ...(!allowPrivate && { lookup: lookUpOutside }) };
  const open = () => (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
  const shown = Object.entries(headers).filter(([name]) => name !== 'webhook-signature');
  return { ...(await attempt(open, body)), requestHeaders: linesOf(shown) };
}

type Answer = Omit<Exchange, 'requestHeaders'>;

const noAnswer = (fault: string): Answer => ({ status: 0, fault, responseHeaders: '', responseBody: '' });

/** The code of the fault, never its text, which may name an address inside. */
const faultOf = (error: Error): string => ('code' in error ? String(error.code) : error.name);

/** Limit of 1xx responses before the final one. A receiver could send them without end. */
const MAX_INTERIM = 10;

/** A receiver may close a kept connection at the same moment: then a new one is tried. */
function attempt(open: () => ClientRequest, body: string): Promise<Answer> {
  return new Promise((resolve) => {
    let request: ClientRequest;
    let over = false;
    const end = (answer: Answer) => {
      over = true;
      clearTimeout(timer);
      resolve(answer);
    };
    const giveUp = (answer: Answer) => {
      end(answer);
      request.destroy();
    };
    const timer = setTimeout(giveUp, ATTEMPT_MS, noAnswer(`no response within ${ATTEMPT_MS / 1_000} s`));
    const begin = () => {
      request = open();
      request.on('error', (error) => {
        if (over) return;
        if (request.reusedSocket) begin();
        else end(noAnswer(faultOf(error)));
      });
      let interim = 0;
      request.on('information', () => {
        interim += 1;
        if (interim > MAX_INTERIM) giveUp(noAnswer('too many interim responses'));
      });
      request.on('response', (response) => {
        let size = 0;
        let kept = '';
        const answer = (): Answer => ({
          status: response.statusCode ?? 0,
          fault: '',
          responseHeaders: linesOf(Object.entries(response.headers)).slice(0, KEPT_HEADERS),
          responseBody: kept.slice(0, KEPT_BODY),
        });
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (kept.length < KEPT_BODY) kept += part.toString('utf8');
          if (size > MAX_ANSWER) giveUp(answer());
        });
        response.on('end', () => end(answer()));
        response.on('error', () => end(answer()));
      });
      request.end(body);
    };
    begin();
  });
}
