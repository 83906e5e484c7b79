/** Calls of operators with the key that was typed in: kept in this tab, or in this browser on wish. */
import { computed, signal } from '@preact/signals';
import { say, type Text } from '../shared/language';
import type { Message } from '../shared/parts';
import { base } from '../shared/service';
import { UNREACHABLE } from '../shared/unreachable';
import type { Detail, Me, Scope } from './types';

const TIMEOUT_MS = 20_000;
const KEY = 'live-room.operator';

interface Access {
  key: string;
  /** '' = the default one. */
  tenant: string;
  /** Kept after the tab is closed. */
  stay: boolean;
}

function kept(): Access | undefined {
  try {
    for (const store of [sessionStorage, localStorage]) {
      const { key, tenant } = Object(JSON.parse(store.getItem(KEY) ?? 'null'));
      if (typeof key === 'string' && typeof tenant === 'string') return { key, tenant, stay: store === localStorage };
    }
  } catch {
    // A browser that keeps nothing.
  }
  return undefined;
}

export const access = signal<Access | undefined>(kept());
/** The operator whose key it is; undefined until it is known. */
export const me = signal<Me | undefined>(undefined);
export const scope = computed<Scope | undefined>(() => me.value?.scope);
/** Why the operator has to sign in again. */
export const refusedWith = signal<Problem | undefined>(undefined);

export function may(wanted: Scope): boolean {
  const order: readonly (Scope | undefined)[] = ['read', 'service', 'moderate', 'manage'];
  return order.indexOf(scope.value) >= order.indexOf(wanted);
}

function keep(value: Access | undefined): void {
  access.value = value;
  try {
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
    if (!value) return;
    const { key, tenant, stay } = value;
    (stay ? localStorage : sessionStorage).setItem(KEY, JSON.stringify({ key, tenant }));
  } catch {
    // A browser that keeps nothing: a reload asks for the key again.
  }
}

export type Params = Readonly<Record<string, unknown>>;

/** A call that did not succeed. `status` is HTTP's, 0 without an answer. */
class Problem extends Error {
  readonly status: number;
  readonly detail: Detail | undefined;

  constructor(status: number, detail?: Detail) {
    super(detail?.en);
    this.status = status;
    this.detail = detail;
  }
}

const SENTENCES: Readonly<Record<number, Text>> = {
  0: UNREACHABLE,
  400: ['The request was rejected. Details below.', '参数有误，详见下方说明。'],
  401: ['Invalid or revoked key.', '密钥无效或已失效。'],
  403: ['This key does not have that permission.', '该密钥没有此权限。'],
  404: ['Not found. It may have ended or been deleted.', '内容不存在，可能已结束或被删除。'],
  409: ['The state has changed. Refresh and try again.', '状态已变化，请刷新后重试。'],
  429: ['Too many requests. Wait a minute.', '操作过于频繁，请稍后再试。'],
  502: ['Cannot reach the service.', '无法连接服务。'],
  503: ['The service cannot do this right now.', '服务暂时不可用。'],
};
const SOMETHING: Text = ['Something went wrong.', '操作失败，请重试。'];

export function toMessage(error: unknown): Message {
  if (!(error instanceof Problem)) return { good: false, text: () => String(error) };
  const { status, detail } = error;
  return { good: false, text: () => say(SENTENCES[status] ?? SOMETHING), ...(detail && { detail }) };
}

/** Drops empty values: an empty filter has no effect. */
export function filled(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));
}

/** The text of the service, with its code; of a gateway in between only its status. */
async function detailOf(response: Response): Promise<Detail> {
  const { errorCode, errorMessage, detail } = Object(await response.json().catch(() => undefined));
  const en = typeof errorMessage === 'string' ? errorMessage : `HTTP ${response.status}`;
  const { zh } = Object(detail);
  return { en, zh: typeof zh === 'string' ? `${zh}（错误码 ${errorCode}）` : en };
}

async function send(name: string, params: Params, { key, tenant }: Pick<Access, 'key' | 'tenant'>): Promise<Response> {
  const response = await fetch(`${base}base/v1/admin/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ ...(tenant && { tenant }), ...params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new Problem(0);
  });
  if (response.ok) return response;
  throw new Problem(response.status, await detailOf(response));
}

async function ask(name: string, params: Params): Promise<Response> {
  if (!access.value) throw new Problem(401);
  try {
    return await send(name, params, access.value);
  } catch (error) {
    // The key was revoked.
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

/** Reads the operator and scope of the key. Throws a Problem if the key is refused. */
async function whoIs(wanted: Access): Promise<Me> {
  const { data } = Object(await (await send('me', {}, wanted)).json());
  // The service checks its answers against the contract; types.ts follows it.
  return data as Me;
}

export async function signIn(wanted: Access): Promise<void> {
  const who = await whoIs(wanted);
  refusedWith.value = undefined;
  keep(wanted);
  me.value = who;
}

/** Reads the scope of the kept key after a reload. */
export async function resume(): Promise<void> {
  if (!access.value) return;
  try {
    me.value = await whoIs(access.value);
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 404)) signOut(error);
    else setTimeout(() => void resume(), 3_000);
  }
}

export function signOut(why?: Problem): void {
  refusedWith.value = why;
  me.value = undefined;
  keep(undefined);
}
