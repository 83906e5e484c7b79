/** Registers users over HTTP and signs them in, as an app would. */
import { createHash } from 'node:crypto';
import { OPERATOR_KEY } from './processes';

export interface Person {
  name: string;
  userId: string;
  token: string;
  /** userId and token as the beginning of a query. */
  query: string;
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** A service: a port of this machine, or of another one. */
export type Server = number | { port: number; host: string };

export async function call(
  server: Server,
  path: string,
): Promise<{ errorCode: number; data?: Record<string, unknown> }> {
  const { port, host } = typeof server === 'number' ? { port: server, host: '127.0.0.1' } : server;
  const response = await fetch(`http://${host}:${port}/base/v1/${path}`);
  return response.json() as Promise<{ errorCode: number; data?: Record<string, unknown> }>;
}

export function signaturePath(name: string): string {
  const salt = md5(`${name}-password`);
  return `oauth/signature?username=${name}&signature=${md5(`${name}----${salt}`)}`;
}

export function registerPath(name: string): string {
  return `oauth/register?username=${name}&salt=${md5(`${name}-password`)}`;
}

async function signUp(server: Server, name: string): Promise<Person> {
  await call(server, registerPath(name));
  const { data } = await call(server, signaturePath(name));
  const [userId, token] = [String(data?.['userId']), String(data?.['token'])];
  return { name, userId, token, query: `userId=${userId}&token=${token}` };
}

export async function signUpMany(server: Server, count: number, prefix: string): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) {
    const batch = Array.from(
      { length: Math.min(16, count - people.length) },
      (_, i) => `${prefix}${people.length + i}`,
    );
    people.push(...(await Promise.all(batch.map((name) => signUp(server, name)))));
  }
  return people;
}

/** A call of an operator with the service's own key; gives its data. */
export async function operate<T>(port: number, call: string, params: object): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/base/v1/admin/${call}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  if (!answer.ok) throw new Error(`${call}: ${await answer.text()}`);
  // The caller names the data of the call.
  const { data } = (await answer.json()) as { data: T };
  return data;
}
