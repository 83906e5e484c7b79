/** Hides secrets on the screen, and writes a call as a curl command. Needs no document. */

/** Names of parameters and of fields of answers. A salt is as good as a password, a signature as a sign-in. */
const SECRET = new Set(['token', 'userSig', 'sdkUserSig', 'salt', 'signature', 'idToken', 'key', 'secret']);

export function masked(text: string): string {
  if (text === '') return '';
  const shown = text.length > 24 ? 4 : 0;
  return `${text.slice(0, shown)}••••••`;
}

/** The same JSON with every secret text hidden, however deep it is. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]): [string, unknown] =>
    SECRET.has(name) && typeof one === 'string' ? [name, masked(one)] : [name, maskSecrets(one)],
  );
  return Object.fromEntries(entries);
}

export const isSecret = (name: string): boolean => SECRET.has(name);

export function hasSecrets(value: unknown): boolean {
  return JSON.stringify(value) !== JSON.stringify(maskSecrets(value));
}

/** Quotes for a POSIX shell: only the quote itself is special inside single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `key` is an operator's. A body that is text already is sent as it is, in lines of JSON. */
export function curlOf({ url, body, key }: { url: string; body: unknown; key?: string }): string {
  const lines = typeof body === 'string';
  const parts = [
    `curl ${quoted(url)}`,
    ...(key === undefined ? [] : [`-H ${quoted(`authorization: Bearer ${key}`)}`]),
    `-H 'content-type: application/${lines ? 'x-ndjson' : 'json'}'`,
    `${lines ? '--data-binary' : '-d'} ${quoted(lines ? body : JSON.stringify(body))}`,
  ];
  return parts.join(' \\\n  ');
}
