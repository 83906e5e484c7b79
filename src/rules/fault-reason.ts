/** Why a part of the service did not answer, as a short word that may be shown to operators: never a text from outside. */
import { DatabaseError } from '../base/errors';
import { ImError } from '../vendors/tencent/im-call';

export function faultReason(error: unknown): string {
  if (error instanceof DatabaseError) return [error.kind, error.driverCode, error.statement].join(' ').trim();
  if (error instanceof ImError) return `${error.failure}${error.code ? ` ${error.code}` : ''}`;
  return 'unexpected error';
}
