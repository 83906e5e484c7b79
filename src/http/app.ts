/** The types between the ways in, the pipeline and the pages. */
import type { Services } from '../rules/context';
import type { Request, Response } from './messages';

/** The result of compose.ts: the services, or the error text of the configuration. */
export type Composition = { ok: true; services: Services } | { ok: false; message: string };

export interface App {
  handle(request: Request): Promise<Response>;
}

/** `builtIn` gives the answer of the path without the page: health at /, else the error of an unknown path. */
export type Page = (request: Request, requestId: string, builtIn: () => Promise<Response>) => Promise<Response>;
