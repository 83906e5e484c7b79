/** One attempt: signs an event (https://www.standardwebhooks.com), sends it and looks at the status of the answer. */
import { createHmac, randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { hostOf, isInside, lookUpOutside } from './targets';

const PREFIX = 'whsec_';
/** Of an answer, so much is read and thrown away; the rest is not waited for (bytes). */
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

export interface Attempt {
  url: string;
  secret: string;
  eventId: string;
  body: string;
  /** Milliseconds since 1970. */
  now: number;
  allowPrivate: boolean;
}

/** The HTTP status; 0 where there was no answer in time, or where the address is refused. Never throws. */
export function send({ url: text, secret, eventId, body, now, allowPrivate }: Attempt): Promise<number> {
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
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers,
      // A connection of its own: a receiver that hangs holds nothing that others need.
      agent: false,
      ...(!allowPrivate && { lookup: lookUpOutside }),
    });
    const end = (status: number) => {
      clearTimeout(timer);
      request.destroy();
      resolve(status);
    };
    const timer = setTimeout(end, ATTEMPT_MS, 0);
    request.on('error', () => end(0));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAX_ANSWER) end(status);
      });
      response.on('end', () => end(status));
      response.on('error', () => end(status));
    });
    request.end(body);
  });
}
