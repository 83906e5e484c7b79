/** One attempt: signs an event (https://www.standardwebhooks.com), sends it and reads the status of the response. */
import { createHmac, randomBytes } from 'node:crypto';
import { type ClientRequest, Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { hostOf, isInside, lookUpOutside } from './targets';

const PREFIX = 'whsec_';
/** This much of a response is read and discarded (bytes); the rest is not awaited. */
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

/** The HTTP status; 0 if there was no response in time or the address is refused. Never throws. */
export function send({ url: text, secret, eventId, body, now, allowPrivate, connections }: Attempt): Promise<number> {
  const url = new URL(text);
  const host = hostOf(url);
  // Names are checked when they are looked up; an address is not looked up.
  if (!allowPrivate && isIP(host) > 0 && isInside(host)) return Promise.resolve(0);
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
  return attempt(open, body);
}

/** The receiver may close a kept connection at the same moment: then a new one is tried. */
function attempt(open: () => ClientRequest, body: string): Promise<number> {
  return new Promise((resolve) => {
    let request: ClientRequest;
    let over = false;
    const end = (status: number) => {
      over = true;
      clearTimeout(timer);
      resolve(status);
    };
    const giveUp = (status: number) => {
      end(status);
      request.destroy();
    };
    const timer = setTimeout(giveUp, ATTEMPT_MS, 0);
    const begin = () => {
      request = open();
      request.on('error', () => {
        if (over) return;
        if (request.reusedSocket) begin();
        else end(0);
      });
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_ANSWER) giveUp(status);
        });
        response.on('end', () => end(status));
        response.on('error', () => end(status));
      });
      request.end(body);
    };
    begin();
  });
}
