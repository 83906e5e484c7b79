/** Finds the target of a path. One stage in front, doubled slashes and a final slash are tolerated. */
import { BASE_PATH } from '../contract';

/** `path` is without slashes in front: below /base/v1/ for the first three kinds, below the root for a page ('' is /). */
export type Target =
  | { kind: 'endpoint' | 'callback' | 'admin' | 'page'; path: string }
  | { kind: 'unknown'; underBase: boolean };

const BASE = BASE_PATH.slice(1, -1).split('/');

function isBase(segments: readonly string[]): boolean {
  return BASE.every((part, index) => segments[index] === part);
}

export interface Names {
  /** Paths below /base/v1/. */
  endpoints: ReadonlySet<string>;
  callbacks: ReadonlySet<string>;
  /** The calls of operators. Other paths below admin/ are theirs too. */
  admin: ReadonlySet<string>;
  /** Paths at the root, without slashes in front; '' is /. */
  pages: ReadonlySet<string>;
}

export function createLocator(names: Names): (path: string) => Target {
  // Paths as the documents spell them: one look-up.
  const usual = new Map<string, Target>();
  for (const path of names.endpoints) usual.set(`${BASE_PATH}${path}`, { kind: 'endpoint', path });
  for (const path of names.callbacks) usual.set(`${BASE_PATH}${path}`, { kind: 'callback', path });
  for (const path of names.admin) usual.set(`${BASE_PATH}${path}`, { kind: 'admin', path });
  return (path) => usual.get(path) ?? locate(path, names);
}

function locateBelowBase(path: string, { endpoints, callbacks }: Names): Target {
  if (path === '') return { kind: 'page', path: 'base/v1' };
  if (endpoints.has(path)) return { kind: 'endpoint', path };
  if (callbacks.has(path)) return { kind: 'callback', path };
  // Calls of operators that do not exist too: their answers have real statuses.
  if (path === 'admin' || path.startsWith('admin/')) return { kind: 'admin', path };
  return { kind: 'unknown', underBase: true };
}

function locate(path: string, names: Names): Target {
  const segments = path.split('/').filter((segment) => segment !== '');
  const staged = isBase(segments) ? segments : isBase(segments.slice(1)) ? segments.slice(1) : undefined;
  if (staged) return locateBelowBase(staged.slice(BASE.length).join('/'), names);
  const page = segments.join('/');
  if (names.pages.has(page)) return { kind: 'page', path: page };
  const below = segments.slice(1).join('/');
  if (below !== '' && names.pages.has(below)) return { kind: 'page', path: below };
  return { kind: 'unknown', underBase: false };
}
