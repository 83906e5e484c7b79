/** Calls of operators with the key that was typed in, which stays in this tab until it is closed. */
import { signal } from '@preact/signals';
import { say, type Text } from '../shared/language';
import type { Message } from '../shared/parts';
import { base } from '../shared/service';
import { UNREACHABLE } from '../shared/unreachable';
import type { Scope } from './types';

const TIMEOUT_MS = 20_000;
const KEY = 'live-room.operator';

interface Access {
  key: string;
  /** '' = the default one. */
  tenant: string;
}

function kept(): Access | undefined {
  try {
    const { key, tenant } = Object(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
    return typeof key === 'string' && typeof tenant === 'string' ? { key, tenant } : undefined;
  } catch {
    return undefined;
  }
}

export const access = signal<Access | undefined>(kept());
/** What the key may do; undefined until it is known. */
export const scope = signal<Scope | undefined>(undefined);
/** Why one has to sign in again. */
export const refusedWith = signal<Problem | undefined>(undefined);

export function may(wanted: Scope): boolean {
  const order: readonly (Scope | undefined)[] = ['read', 'moderate', 'manage'];
  return order.indexOf(scope.value) >= order.indexOf(wanted);
}

function keep(value: Access | undefined): void {
  access.value = value;
  try {
    if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing: a reload asks for the key again.
  }
}

export type Params = Readonly<Record<string, unknown>>;

/** A call that did not succeed. `status` is HTTP's, 0 where there was no answer. */
class Problem extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

const SENTENCES: Readonly<Record<number, Text>> = {
  0: UNREACHABLE,
  400: ['The service does not take this.', '服务不接受该输入。'],
  401: ['The service does not know this key.', '服务不认识该密钥。'],
  403: ['This key may not do that.', '该密钥没有此权限。'],
  404: ['There is no such thing (any more).', '不存在，或已不存在。'],
  409: ['That is not possible as things are now.', '与当前状态冲突。'],
  429: ['Too many calls; wait a minute.', '请求过于频繁，请稍后再试。'],
  502: ['The service cannot be reached.', '无法连接服务。'],
  503: ['The service cannot do this right now.', '服务暂时无法处理。'],
};
const SOMETHING: Text = ['Something went wrong.', '出现未知错误。'];

export function toMessage(error: unknown): Message {
  if (!(error instanceof Problem)) return { good: false, text: () => String(error) };
  const { status, message } = error;
  return { good: false, text: () => say(SENTENCES[status] ?? SOMETHING), detail: message };
}

/** Without what was left empty: where one looks for something, empty means that it does not matter. */
export function filled(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));
}

async function send(name: string, params: Params, { key, tenant }: Access): Promise<Response> {
  const response = await fetch(`${base}base/v1/admin/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ ...(tenant && { tenant }), ...params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new Problem(0, '');
  });
  if (response.ok) return response;
  const { errorMessage } = Object(await response.json().catch(() => undefined));
  throw new Problem(response.status, typeof errorMessage === 'string' ? errorMessage : `HTTP ${response.status}`);
}

async function ask(name: string, params: Params): Promise<Response> {
  if (!access.value) throw new Problem(401, '');
  try {
    return await send(name, params, access.value);
  } catch (error) {
    // The key was taken back meanwhile.
    if (error instanceof Problem && error.status === 401) signOut(error);
    throw error;
  }
}

/** `data` of the answer. Throws a Problem. */
export async function call<T>(name: string, params: Params = {}): Promise<T> {
  const { data } = Object(await (await ask(name, params)).json());
  // The service checks its answers against the contract; types.ts follows it.
  return data as T;
}

/** The answer as a file in the reader's downloads. */
export async function download(name: string, params: Params, file: string): Promise<void> {
  const response = await ask(name, filled(params));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function allowed(name: string, with_: Access): Promise<boolean> {
  try {
    await send(name, name === 'operators' ? { limit: 1 } : {}, with_);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 403) return false;
    // Whoever may do it is told what is missing: the scope is looked at first.
    if (error.status === 400) return true;
    throw error;
  }
}

/** Finds out what the key may do; nothing is changed by that. Throws a Problem where it is not taken. */
async function scopeOf(wanted: Access): Promise<Scope> {
  await send('rooms', { limit: 1 }, wanted);
  if (await allowed('operators', wanted)) return 'manage';
  return (await allowed('lift_sanction', wanted)) ? 'moderate' : 'read';
}

export async function signIn(wanted: Access): Promise<void> {
  scope.value = await scopeOf(wanted);
  refusedWith.value = undefined;
  keep(wanted);
}

/** After a reload: what may the kept key do? */
export async function resume(): Promise<void> {
  if (!access.value) return;
  try {
    scope.value = await scopeOf(access.value);
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 404)) signOut(error);
    else setTimeout(() => void resume(), 3_000);
  }
}

export function signOut(why?: Problem): void {
  refusedWith.value = why;
  scope.value = undefined;
  keep(undefined);
}
