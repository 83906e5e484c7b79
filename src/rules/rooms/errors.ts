/** What more than one rule of rooms answers. */
import { ApiError } from '../../base/errors';

export function noSuchRoom(): ApiError {
  return new ApiError('RoomNotExists', 'the room does not exist or has ended');
}

export function notYours(cause?: unknown): ApiError {
  return new ApiError('SystemVerifyError', 'this roomId belongs to another user', { cause });
}
