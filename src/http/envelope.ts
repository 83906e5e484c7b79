/** The one form of every answer, and how an error becomes one. Nothing else makes a response body. */
import { ApiError, DatabaseError, ERROR_CODES } from '../base/errors';
import { PreparedJson } from '../base/prepared-json';
import { inBoth, inChinese } from '../contract/error-messages';
import { refusalFields, refusalText, type Wording } from '../contract/refusal-texts';
import type { Response } from './messages';

declare const LIVE_ROOM_VERSION: string | undefined;
/** Set by the build. */
export const VERSION = typeof LIVE_ROOM_VERSION === 'string' ? LIVE_ROOM_VERSION : 'development';

/**
 * What every answer says about itself. Written out each time: an object that is spread into another and added to gets a
 * separate hidden class in V8, and all later accesses are slow.
 */
function jsonHeaders(requestId?: string): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  };
  if (requestId !== undefined) headers['x-request-id'] = requestId;
  return headers;
}

export function json(status: number, body: object, requestId?: string): Response {
  return { status, headers: jsonHeaders(requestId), body: JSON.stringify(body) };
}

/** Success. `message` is a text of the contract. `data` is absent if there is none: null crashes a client. */
export function success(message: string, data: unknown, requestId: string): Response {
  const text = data instanceof PreparedJson ? data.text : JSON.stringify(data);
  const field = text === undefined ? '' : `,"data":${text}`;
  // The shape of an id (incoming.ts) has nothing in it that JSON would escape.
  const end = `,"requestId":"${requestId}","version":"${VERSION}"}`;
  const body = `{"errorCode":0,"errorMessage":${JSON.stringify(message)}${field}${end}`;
  return { status: 200, headers: jsonHeaders(requestId), body };
}

/** The caller's view of an error. Internal errors become a plain SystemError. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof DatabaseError) {
    return new ApiError('ServiceDBFailed', 'the database failed, please try again', { cause: error });
  }
  return new ApiError('SystemError', 'something went wrong, please try again', { cause: error });
}

function errorBody({ name, refusal }: ApiError, errorMessage: string, requestId: string): object {
  const fields = refusal && refusalFields(refusal);
  return { errorCode: ERROR_CODES[name], errorMessage, codeStr: name, ...fields, requestId, version: VERSION };
}

export function failure(error: ApiError, requestId: string, status = 200): Response {
  return { ...json(status, errorBody(error, error.message, requestId), requestId), error };
}

/** The answer to operators: the text in both languages, for pages. */
export function adminFailure(error: ApiError, requestId: string, status: number): Response {
  const body = { ...errorBody(error, error.message, requestId), detail: inBoth(error.text) };
  return { ...json(status, body, requestId), error };
}

function wordedText({ text, refusal }: ApiError, wording: Wording): string {
  if (refusal) return refusalText(refusal, wording);
  return wording.language === 'zh' ? (inChinese(text) ?? text) : text;
}

/** The text for users of apps: `Name(code): ` and the text in the tenant's language. */
export function wordedFailure(error: ApiError, requestId: string, wording: Wording): Response {
  const message = `${error.name}(${error.code}): ${wordedText(error, wording)}`;
  return { ...json(200, errorBody(error, message, requestId), requestId), error };
}

/** The answer to a browser that asks whether it may call. */
export function preflight(requested: string | undefined, requestId: string): Response {
  const response = success('ok', undefined, requestId);
  Object.assign(response.headers, {
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': requested && /^[\w, -]{1,500}$/.test(requested) ? requested : '*',
    'access-control-max-age': '86400',
  });
  return response;
}
