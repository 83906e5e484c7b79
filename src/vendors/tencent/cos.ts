/**
 * Deletes objects of a COS bucket by a prefix (GET Bucket: https://cloud.tencent.com/document/product/436/7734, DELETE Object:
 * https://cloud.tencent.com/document/product/436/7743). The SDK for Node.js brings about 100 packages; two calls need a
 * signature (https://cloud.tencent.com/document/product/436/7778).
 */
import { createHmac, hash } from 'node:crypto';
import { type CloudCredentials, CloudError } from './cloud-error';

export interface Bucket {
  /** Origin, without a slash at the end. */
  url: string;
  credentials: CloudCredentials;
}

/** Lifetime of a signature, and the difference of clocks that it forgives (seconds). */
const SIGNATURE_SECONDS = 600;
const CLOCK_SLACK = 60;
const KEYS_AT_ONCE = 1_000;
/** Names that cos/config gives; no XML entity is in them. */
const KEY = /<Key>([A-Za-z0-9_./-]+)<\/Key>/g;

const hmac = (key: string, text: string) => createHmac('sha1', key).update(text).digest('hex');

function authorization({ secretId, secretKey }: CloudCredentials, method: string, url: URL): string {
  const now = Math.floor(Date.now() / 1000);
  const time = `${now - CLOCK_SLACK};${now + SIGNATURE_SECONDS}`;
  const parameters = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : 1));
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const names = parameters.map(([name]) => name).join(';');
  const request = `${method.toLowerCase()}\n${url.pathname}\n${query}\nhost=${encodeURIComponent(url.host)}\n`;
  const signature = hmac(hmac(secretKey, time), `sha1\n${time}\n${hash('sha1', request)}\n`);
  const of = { 'q-sign-algorithm': 'sha1', 'q-ak': secretId, 'q-sign-time': time, 'q-key-time': time };
  const lists = { 'q-header-list': 'host', 'q-url-param-list': names, 'q-signature': signature };
  return Object.entries({ ...of, ...lists })
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The text of the answer; '' if there is no such object. Throws CloudError with the vendor's code. */
async function send({ credentials }: Bucket, call: { method: string; url: URL; budgetMs: number }): Promise<string> {
  const { method, url, budgetMs } = call;
  const headers = {
    authorization: authorization(credentials, method, url),
    ...(credentials.token && { 'x-cos-security-token': credentials.token }),
  };
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(budgetMs)));
  const answer = await fetch(url, { method, headers, signal, redirect: 'error' })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .catch(() => Promise.reject(new CloudError('Unreachable')));
  if (answer.status < 300) return answer.text;
  const code = /<Code>([\w.]{1,80})<\/Code>/.exec(answer.text)?.[1] ?? `Status${answer.status}`;
  if (code === 'NoSuchKey') return '';
  throw new CloudError(code);
}

/** Deletes all objects whose keys start with `prefix`, page by page. Throws CloudError, also if the time is up. */
export async function deleteObjects(bucket: Bucket, prefix: string, budgetMs: number): Promise<void> {
  const end = performance.now() + budgetMs;
  const left = () => {
    const ms = end - performance.now();
    if (ms <= 0) throw new CloudError('Timeout');
    return ms;
  };
  for (;;) {
    const list = new URL(`${bucket.url}/`);
    list.searchParams.set('prefix', prefix);
    list.searchParams.set('max-keys', String(KEYS_AT_ONCE));
    const page = await send(bucket, { method: 'GET', url: list, budgetMs: left() });
    const keys = [...page.matchAll(KEY)].flatMap(([, key]) => (key?.startsWith(prefix) ? [key] : []));
    for (const key of keys) {
      await send(bucket, { method: 'DELETE', url: new URL(`${bucket.url}/${key}`), budgetMs: left() });
    }
    // Each page is the first page of the remaining pictures.
    if (keys.length === 0 || !page.includes('<IsTruncated>true</IsTruncated>')) return;
  }
}
