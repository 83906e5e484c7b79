/** A program that uses the built client; only its types are checked. Each line below an expected error must be one. */
import { LiveRoomClient, LiveRoomError, type Room } from 'live-room/client';

export async function use(): Promise<number> {
  const client = new LiveRoomClient({ baseUrl: 'https://example.com/release/' });
  await client.signIn({ username: 'alice', password: 'secret' });
  const rooms: Room[] = await client.api.queryRoom({ limit: 20, orderBy: 'totalJoined' });
  const { roomId } = await client.api.enterRoom();
  await client.api.leaveRoom({ roomId });
  // @ts-expect-error roomId is required
  await client.api.leaveRoom();
  // @ts-expect-error limit is a number
  await client.api.queryRoom({ limit: 'many' });
  // @ts-expect-error there is no such endpoint
  await client.api.noSuchCall();
  // @ts-expect-error there is no such parameter
  await client.call('roomDetail', { roomId, nonsense: 1 });
  const count: number = (await client.call('roomDetail', { roomId })).nnUsers;
  return rooms.length + count + new LiveRoomError('roomDetail', 'x', { code: 2004 }).code;
}
