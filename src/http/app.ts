/** What stands between the ways in and the application, and what the application is made of. Types only. */
import type { Services } from '../rules/context';
import type { Request, Response } from './messages';

/** What compose.ts made of the configuration: everything, or what to say of it. */
export type Composition = { ok: true; services: Services } | { ok: false; message: string };

export interface App {
  handle(request: Request): Promise<Response>;
}

/** `builtIn` is what the path answers without the page: health at /, else the error of an unknown path. */
export type Page = (request: Request, requestId: string, builtIn: () => Promise<Response>) => Promise<Response>;
