/** Registers users over HTTP and signs them in, as an app would. */
import { createHash } from 'node:crypto';

export interface Person {
  userId: string;
  token: string;
  /** userId and token as the beginning of a query. */
  query: string;
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

export async function call(port: number, path: string): Promise<{ errorCode: number; data?: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${port}/base/v1/${path}`);
  return response.json() as Promise<{ errorCode: number; data?: Record<string, unknown> }>;
}

export function signaturePath(name: string): string {
  const salt = md5(`${name}-password`);
  return `oauth/signature?username=${name}&signature=${md5(`${name}----${salt}`)}`;
}

async function signUp(port: number, name: string): Promise<Person> {
  await call(port, `oauth/register?username=${name}&salt=${md5(`${name}-password`)}`);
  const { data } = await call(port, signaturePath(name));
  const [userId, token] = [String(data?.['userId']), String(data?.['token'])];
  return { userId, token, query: `userId=${userId}&token=${token}` };
}

export async function signUpMany(port: number, count: number, prefix: string): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) {
    const batch = Array.from(
      { length: Math.min(16, count - people.length) },
      (_, i) => `${prefix}${people.length + i}`,
    );
    people.push(...(await Promise.all(batch.map((name) => signUp(port, name)))));
  }
  return people;
}
