/** What operators' calls refuse, and why; the HTTP statuses are made from it (http/admin.ts). */
import { ApiError, type ErrorName } from '../../base/errors';

/** malformed: a parameter. unknown: no such key. forbidden: scope or tenant. absent: no such thing. conflict: not as things are. */
export type RefusalKind = 'malformed' | 'unknown' | 'forbidden' | 'absent' | 'conflict' | 'throttled' | 'hidden';

export class Refusal extends ApiError {
  readonly kind: RefusalKind;

  constructor(
    kind: RefusalKind,
    text: string,
    name: ErrorName = kind === 'throttled' ? 'UserQueryLimit' : 'SystemVerifyError',
  ) {
    super(name, text);
    this.kind = kind;
  }
}

export const malformed = (text: string) => new Refusal('malformed', text);
export const forbidden = (text: string) => new Refusal('forbidden', text);
export const conflict = (text: string) => new Refusal('conflict', text);
export const absent = (text: string) => new Refusal('absent', text);
export const noSuchRoom = () => new Refusal('absent', 'there is no such room', 'RoomNotExists');
export const noSuchUser = () => new Refusal('absent', 'there is no such user', 'UserNotExists');
