/** The keys that encrypt what signs people in: `id:key` between commas, newest first. */
import { SettingError } from './setting';

/** 32 bytes for AES-256-GCM, and the key id stored with each encrypted value. */
export interface DataKey {
  readonly id: string;
  readonly key: Uint8Array;
}

const RULE = 'must be a list of id:key, every id once, every key 32 bytes as 64 hexadecimal digits or as base64';
const ENTRY = /^\s*([A-Za-z0-9_-]{1,16}):(\S+)\s*$/;

function dataKey(entry: string): DataKey {
  const [, id = '', text = ''] = ENTRY.exec(entry) ?? [];
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (id === '' || key.length !== 32) throw new SettingError(RULE);
  return { id, key: new Uint8Array(key) };
}

export function checkDataKeys(value: unknown): readonly DataKey[] {
  const keys = String(value).split(',').map(dataKey);
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new SettingError(RULE);
  return keys;
}
