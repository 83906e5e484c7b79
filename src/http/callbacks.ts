/**
 * The vendor's webhooks, POST /base/v1/callbacks/im and …/trtc: HTTP on one side, rules/callbacks on the other.
 *
 * Their answers are the vendor's, not the apps' envelope. IM and TRTC take HTTP 200 for "delivered" and anything else for
 * "failed" (counted in their consoles, repeated by TRTC), so 200 means that the event was understood and stored, or that
 * there is nothing to do; 403 that it is not shown to come from the vendor, 400 that it cannot be read, 405 that it is no
 * POST, 503 that it could not be stored in time and should come again.
 */

import { ApiError, failedStatement } from '../base/errors';
import { MAX_CALLBACK_BODY } from '../contract/limits';
import type { Callback, CallbackOutcome } from '../rules/callbacks/callback';
import { imCallback } from '../rules/callbacks/im';
import { trtcCallback } from '../rules/callbacks/trtc';
import type { Context } from '../rules/context';
import type { Composition } from './app';
import { json } from './envelope';
import { createContext, type Incoming } from './incoming';
import type { Request, Response } from './messages';

/** IM waits for 2 s and its own users may be waiting with it; an answer must be there within one. */
const ANSWER_MS = 800;

type Receive = (ctx: Context, callback: Callback) => Promise<CallbackOutcome>;

const RECEIVERS: Readonly<Record<string, Receive>> = { 'callbacks/im': imCallback, 'callbacks/trtc': trtcCallback };

export const CALLBACK_PATHS: readonly string[] = Object.keys(RECEIVERS);

const STATUS = { accepted: 200, refused: 403, malformed: 400 } as const;

/** One body for both vendors: IM reads ActionStatus and ErrorCode, TRTC only the status. */
function answer(status: number, info = ''): Response {
  const code = status === 200 ? 0 : 1;
  const body = { ActionStatus: code === 0 ? 'OK' : 'FAIL', ErrorCode: code, ErrorInfo: info, code };
  return json(status, body);
}

/** `problem`: the reason in the log. */
function refusal(status: number, info: string, problem: string): Response {
  return { ...answer(status, info), error: new ApiError('SystemVerifyError', problem) };
}

function toCallback(request: Request): Callback {
  const query = new Map<string, string>();
  for (const [name, value] of request.query) query.set(name.toLowerCase(), value);
  return { query, headers: request.headers, body: request.body };
}

/** Settles with the work, or with undefined when the time is up; the work then continues. */
function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ANSWER_MS, undefined);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Decodes a callback. Never throws. */
export async function receiveCallback(composition: Composition, incoming: Incoming, path: string): Promise<Response> {
  const { request, budget } = incoming;
  const receive = RECEIVERS[path];
  if (!receive || request.method !== 'POST') return refusal(405, 'use POST', 'not_post');
  if (request.bodyTooLarge || request.body.length > MAX_CALLBACK_BODY) return refusal(400, 'too large', 'too_large');
  if (!composition.ok) return refusal(503, 'not configured', 'not_configured');
  const { log } = composition.services;
  budget.limit(ANSWER_MS);
  const ctx = createContext(incoming, composition.services);
  try {
    const outcome = await inTime(receive(ctx, toCallback(request)));
    if (!outcome) throw new Error('no time left');
    if (outcome.result === 'accepted') return answer(200);
    if (outcome.result === 'answered') return json(200, outcome.answer);
    const { result, reason, tenant } = outcome;
    log('callback_refused', { callback: path, reason, tenant });
    return refusal(STATUS[result], reason, reason);
  } catch (error) {
    log('callback_not_stored', { callback: path, statement: failedStatement(error) });
    return refusal(503, 'try again', 'not_stored');
  }
}
