/** Finds what a path means: one optional stage in front, doubled and final slashes tolerated. */
import { BASE_PATH } from '../contract';

export type Target =
  | { kind: 'endpoint'; path: string }
  /** /, /helloworld, /base/v1 and whatever else stands at the root. */
  | { kind: 'page'; path: string }
  | { kind: 'unknown'; underBase: boolean };

const BASE = BASE_PATH.slice(1, -1).split('/');

function isBase(segments: readonly string[]): boolean {
  return BASE.every((part, index) => segments[index] === part);
}

export interface Names {
  /** Paths below /base/v1/. */
  endpoints: ReadonlySet<string>;
  /** Paths at the root, without slashes in front; '' is /. */
  pages: ReadonlySet<string>;
}

/** Operators' calls, also those that do not exist: their answers have real statuses. */
export function isAdminPath(path: string): boolean {
  return path === 'admin' || path.startsWith('admin/');
}

/** What the usual spellings mean, looked up at once: the paths as the documents have them. */
function usualPaths({ endpoints }: Names): Map<string, Target> {
  return new Map([...endpoints].map((path) => [`${BASE_PATH}${path}`, { kind: 'endpoint', path }]));
}

export function createLocator(names: Names): (path: string) => Target {
  const usual = usualPaths(names);
  return (path) => usual.get(path) ?? locate(path, names);
}

function locate(path: string, names: Names): Target {
  const segments = path.split('/').filter((segment) => segment !== '');
  const staged = isBase(segments) ? segments : isBase(segments.slice(1)) ? segments.slice(1) : undefined;
  if (staged) {
    const rest = staged.slice(BASE.length).join('/');
    if (rest === '') return { kind: 'page', path: 'base/v1' };
    const known = names.endpoints.has(rest) || isAdminPath(rest);
    return known ? { kind: 'endpoint', path: rest } : { kind: 'unknown', underBase: true };
  }
  const page = segments.join('/');
  if (names.pages.has(page)) return { kind: 'page', path: page };
  const below = segments.slice(1).join('/');
  if (below !== '' && names.pages.has(below)) return { kind: 'page', path: below };
  return { kind: 'unknown', underBase: false };
}
