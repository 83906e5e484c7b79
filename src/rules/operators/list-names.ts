/** Names for the ids of a list: one statement for its users and one for its rooms. */
import { userNumber } from '../../data/accounts/public-ids';
import { namesOfUsers, titlesOfRooms } from '../../data/operators/names';
import type { Reader } from './change-context';

export interface Names {
  /** '' for a user that is not known. */
  user(id: number): string;
  /** Keyed by the id of the apps. */
  userOf(publicId: string): string;
  /** Keyed by the id of the apps; '' for an unknown room. */
  room(roomId: string): string;
}

export async function namesFor(
  db: Reader,
  tenant: string,
  of: { users?: readonly number[]; publicIds?: readonly string[]; rooms?: readonly (string | null)[] },
): Promise<Names> {
  const { users = [], publicIds = [], rooms = [] } = of;
  const numbers = publicIds.flatMap((id) => userNumber(tenant, id) ?? []);
  const names = await namesOfUsers(db, [...users, ...numbers]);
  const titles = await titlesOfRooms(
    db,
    tenant,
    rooms.map((id) => id ?? ''),
  );
  const user = (id: number) => names.get(id) ?? '';
  return {
    user,
    userOf: (publicId) => user(userNumber(tenant, publicId) ?? 0),
    room: (roomId) => titles.get(roomId) ?? '',
  };
}
