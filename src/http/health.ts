/** Health for monitors: ok only if the configuration is valid and the database responds. */
import { ApiError, DatabaseError, OLDER_SCHEMA, OTHER_IDS } from '../base/errors';
import type { Composition } from './app';
import { failure, json, toApiError, VERSION } from './envelope';
import type { Response } from './messages';

export interface Health {
  /** undefined: healthy. */
  error: ApiError | undefined;
  version: string;
  /** Name of the deployment; '' if there was none. */
  release: string;
}

/** The state for monitors, which read only the response. */
const REFUSALS: Readonly<Record<string, string>> = {
  [OLDER_SCHEMA]: 'the schema is older than this release: run npx live-room migrate --apply',
  [OTHER_IDS]: 'USER_IDS (userIds of a tenant) was changed although there are accounts: set it back',
};

/** Why the service itself refuses this database; undefined: the database failed. */
export function refusalOf(cause: unknown): string | undefined {
  return cause instanceof DatabaseError ? REFUSALS[cause.driverCode] : undefined;
}

/** Names the part and the driver's code, so that a monitor shows the cause; neither has a secret. */
function withCause(cause: unknown, kind: 'mysql' | 'sqlite'): ApiError {
  if (!(cause instanceof DatabaseError)) return toApiError(cause);
  const name = kind === 'mysql' ? 'MySQL' : 'SQLite';
  const refusal = refusalOf(cause);
  if (refusal !== undefined) return new ApiError('ServiceDBFailed', refusal, { cause });
  return new ApiError('ServiceDBFailed', `the database (${name}) does not answer: ${cause.driverCode}`, { cause });
}

export async function readHealth(composition: Composition): Promise<Health> {
  if (!composition.ok) {
    return { error: new ApiError('SystemError', composition.message), version: VERSION, release: '' };
  }
  const { database, config } = composition.services;
  const error = await database.check().then(
    () => undefined,
    (cause: unknown) => withCause(cause, config.database.kind),
  );
  return { error, version: VERSION, release: config.deployedRelease };
}

/** `badStatus`: the HTTP status if unhealthy. */
export function healthAsJson({ error, version, release }: Health, requestId: string, badStatus: number): Response {
  if (error) return failure(error, requestId, badStatus);
  const body = { errorCode: 0, errorMessage: 'ok', requestId, version, ...(release !== '' && { release }) };
  return json(200, body, requestId);
}
