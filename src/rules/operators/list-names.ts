/** Ids and names for the numbers and ids of a list: one statement for its users and one for its rooms. */
import { namesOfUsers, titlesOfRooms } from '../../data/operators/names';
import type { ReadContext } from './change-context';

export interface Names {
  /** The id of the apps; '' for 0, and for a deleted user of a tenant whose ids are names. */
  id(number: number): string;
  /** The display name, or the user name if it is empty; '' for a user that is not known. */
  user(number: number): string;
  /** The same, by the id of the apps. */
  userOf(userId: string): string;
  /** Keyed by the id of the apps; '' for an unknown room. */
  room(roomId: string): string;
}

export async function namesFor(
  { db, services, tenant }: Pick<ReadContext, 'db' | 'services' | 'tenant'>,
  of: { users?: readonly number[]; userIds?: readonly string[]; rooms?: readonly (string | null)[] },
): Promise<Names> {
  const { users = [], userIds = [], rooms = [] } = of;
  const numbers = await services.userIds.numbersOf(db, tenant.id, userIds);
  const known = await namesOfUsers(db, [...users, ...numbers.values()]);
  const titles = await titlesOfRooms(
    db,
    tenant.id,
    rooms.map((id) => id ?? ''),
  );
  const user = (number: number) => known.get(number)?.name || known.get(number)?.username || '';
  return {
    id: (number) =>
      number > 0 ? services.userIds.from(tenant.id, known.get(number) ?? { id: number, username: '' }) : '',
    user,
    userOf: (userId) => user(numbers.get(userId) ?? 0),
    room: (roomId) => titles.get(roomId) ?? '',
  };
}
