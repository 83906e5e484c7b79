/**
 * Probes: /livez (the process responds), /readyz (it can serve: configuration and database are healthy, and it is
 * not stopping) and /metrics, with METRICS_TOKEN.
 */
import { ApiError } from '../base/errors';
import { sameText } from '../base/same-text';
import type { Composition, Page } from './app';
import { failure, json, VERSION } from './envelope';
import { refusalOf } from './health';
import type { Request, Response } from './messages';
import type { MetricsPage } from './metrics';

export interface ProbeParts {
  composition: Composition;
  /** null where METRICS_TOKEN is not set: the page is not there. */
  metrics: { page: MetricsPage; token: string } | null;
  /** Whether the process is about to end: a proxy in front should send nothing new. */
  isStopping: () => boolean;
}

function state(status: number, text: string, requestId: string): Response {
  const body = { errorCode: status === 200 ? 0 : 99, errorMessage: text, requestId, version: VERSION };
  return json(status, body, requestId);
}

/** Why the process cannot serve; undefined: it can. */
async function whyNotReady({ composition, isStopping }: ProbeParts): Promise<string | undefined> {
  if (!composition.ok || isStopping()) return 'not ready';
  return composition.services.database.check().then(
    () => undefined,
    (error: unknown) => ['not ready', refusalOf(error)].filter(Boolean).join(': '),
  );
}

function mayLook(request: Request, token: string): boolean {
  const [, given = ''] = /^Bearer (\S{1,512})$/i.exec(request.headers['authorization'] ?? '') ?? [];
  return sameText(given, token);
}

async function answerMetrics({ page, token }: NonNullable<ProbeParts['metrics']>, request: Request, requestId: string) {
  if (!mayLook(request, token)) {
    const refused = failure(new ApiError('SystemVerifyError', 'the metrics need their token'), requestId, 401);
    return { ...refused, headers: { ...refused.headers, 'www-authenticate': 'Bearer' } };
  }
  const headers = { 'content-type': page.contentType, 'cache-control': 'no-store' };
  return { status: 200, headers, body: await page.text() };
}

export function createProbes(parts: ProbeParts): Readonly<Record<string, Page>> {
  const { metrics } = parts;
  return {
    livez: async (_request, requestId) => state(200, 'ok', requestId),
    readyz: async (_request, requestId) => {
      const reason = await whyNotReady(parts);
      return reason === undefined ? state(200, 'ok', requestId) : state(503, reason, requestId);
    },
    ...(metrics && { metrics: (request, requestId) => answerMetrics(metrics, request, requestId) }),
  };
}
