/**
 * Callbacks about people from neighbours, strangers and by mistake: another tenant's callbacks about the same numbers,
 * groups of others that were destroyed, rooms of the other kind. All of it is signed, and none of it changes anything.
 */
import { groupDestroyed, imCallback, roomEvent, stateChange, trtcCallback } from '../../../testkit/vendor';
import { onItsWay } from './news';
import { atTheNeighbours } from './tenants';
import { now, type Phone, type World } from './world';

function foreignNews(world: World, { person, random }: Phone): () => Promise<{ status: number }> {
  const { stage } = world;
  const { tenant, id } = atTheNeighbours(person.userId);
  const at = now(world);
  if (random.chance(0.5)) {
    const action = random.pick(['Disconnect', 'Logout', 'Login'] as const) ?? 'Login';
    return () => imCallback(stage, stateChange(id, action, at), tenant);
  }
  const event = { type: random.chance(0.5) ? (104 as const) : (102 as const), roomId: id, userId: id, at };
  return () => trtcCallback(stage, roomEvent({ ...event, sentAt: now(world) }), tenant);
}

/** The group was another user's, or that of an earlier live. */
function groupOfOthers(world: World, { person, tenant, random }: Phone): () => Promise<{ status: number }> {
  const roomId = person.userId;
  const openedAt = world.model.rooms.get(roomId)?.openedAt ?? now(world);
  const other = random.pick(world.phones)?.person.userId ?? '';
  const isLate = random.chance(0.4);
  const owner = isLate ? roomId : random.pick(['', other === roomId ? '' : other, atTheNeighbours(roomId).id]);
  const body = groupDestroyed(roomId, owner ?? '', isLate ? openedAt - random.between(1, 60_000) : now(world));
  return () => imCallback(world.stage, body, tenant);
}

/** The text "5" is not the number 5. */
function textRoomEmptied(world: World, { person, tenant }: Phone): () => Promise<{ status: number }> {
  const at = now(world);
  return () =>
    trtcCallback(world.stage, roomEvent({ type: 102, roomId: person.userId, at, sentAt: now(world) }), tenant);
}

/** Every anchor has such neighbours. */
export function meddle(world: World, phone: Phone): void {
  const { random } = phone;
  if (!phone.isAnchor || !random.chance(0.02)) return;
  const news = random.pick([foreignNews, groupOfOthers, ...(phone.tenant.id === '' ? [textRoomEmptied] : [])]);
  if (news) onItsWay(world, random, { post: news(world, phone), apply: () => {} });
}
