/** The sample people use the service as apps do: through handle(), each from their own address. */
import { createHash } from 'node:crypto';
import md5 from 'md5';
import type { App } from '../http/app';

export interface Person {
  name: string;
  username: string;
  userId: string;
  token: string;
  address: string;
}

interface Answer {
  errorCode: number;
  errorMessage: string;
  data?: unknown;
}

/** One call under /base/v1 as JSON. `key`: an operator's key. */
export async function callService(
  app: App,
  endpoint: string,
  { params, address, key }: { params: object; address: string; key?: string },
): Promise<Answer> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await app.handle({
    origin: { kind: 'socket', address },
    method: 'POST',
    path: `/base/v1/${endpoint}`,
    query: [],
    headers: { 'content-type': 'application/json', ...authorization },
    body: Buffer.from(JSON.stringify(params)),
  });
  const answer: Answer = JSON.parse(response.body.toString());
  return answer;
}

/** One address each, from 198.18.0.0/15, which is set aside for tests (RFC 2544). */
function addressOf(index: number): string {
  return `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

/** Registers and signs in the sample person with this number; the same on the next start. undefined: they are banned. */
export async function signInPerson(app: App, index: number, name: string): Promise<Person | undefined> {
  const username = `sample-${index}`;
  const address = addressOf(index + 1);
  // The account of a demo on this computer: its password only has to be the same on the next start.
  const salt = md5(`${username}-of-the-demo`);
  await callService(app, 'oauth/register', { params: { username, salt }, address });
  const signature = md5(`${username}----${salt}`);
  const answer = await callService(app, 'oauth/signature', {
    params: { username, nickname: name, signature },
    address,
  });
  const { userId, token } = Object(answer.data);
  if (typeof userId !== 'string' || typeof token !== 'string') return undefined;
  return { name, username, userId, token, address };
}

/** A call of a signed-in person. */
export function callAs(app: App, person: Person, endpoint: string, params: object = {}): Promise<Answer> {
  const { userId, token, address } = person;
  return callService(app, endpoint, { params: { userId, token, ...params }, address });
}

/** The IM application of the demo. */
export interface ImApp {
  sdkAppId: number;
  imCallbackToken: string;
}

/** A callback of IM, signed with the tenant's token as IM does; returns the answer to IM. */
export async function callAsIm(
  app: App,
  { sdkAppId, imCallbackToken }: ImApp,
  { body, address }: { body: { CallbackCommand: string } & object; address: string },
): Promise<unknown> {
  const requestTime = String(Math.floor(Date.now() / 1_000));
  const sign = createHash('sha256').update(`${imCallbackToken}${requestTime}`).digest('hex');
  const response = await app.handle({
    origin: { kind: 'socket', address: '198.18.0.1' },
    method: 'POST',
    path: '/base/v1/callbacks/im',
    query: [
      ['SdkAppid', String(sdkAppId)],
      ['CallbackCommand', body.CallbackCommand],
      ['ClientIP', address],
      ['OptPlatform', 'Android'],
      ['Sign', sign],
      ['RequestTime', requestTime],
    ],
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
  });
  return JSON.parse(response.body.toString());
}
