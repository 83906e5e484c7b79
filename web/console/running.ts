/** Actions of the host about the people and the chat of the room: sending out, muting, admins, chat rules. */
import { signal } from '@preact/signals';
import type { Room } from '../../client/src/index';
import { host } from './person';
import { refresh } from './rooms';
import { t } from './texts';

type Api = typeof host.client.api;
type Data<N extends keyof Api> = Awaited<ReturnType<Api[N]>>;

export type Blocked = Data<'listBlocked'>[number];
export type RoomAdmin = Data<'listAdmins'>[number];
export type Rules = Data<'chatRules'>;

/** Of the host's room; undefined until it was asked for. */
export const blocked = signal<readonly Blocked[]>([]);
export const admins = signal<readonly RoomAdmin[]>([]);
export const rules = signal<Rules | undefined>(undefined);

const MUTE_SECONDS = 600;

/** Asks what applies in the room now. The list of calls shows what went wrong. */
export async function readRunning({ roomId }: Room): Promise<void> {
  const { api } = host.background;
  try {
    [blocked.value, admins.value, rules.value] = await Promise.all([
      api.listBlocked({ roomId }),
      api.listAdmins({ roomId }),
      api.chatRules({ roomId }),
    ]);
  } catch {
    // The lists stay as they were.
  }
}

export interface Target {
  userId: string;
  name: string;
}

const ACTS = {
  kick: (roomId, targetUserId) => host.client.api.kickUser({ roomId, targetUserId }),
  mute: (roomId, targetUserId) => host.client.api.muteUser({ roomId, targetUserId, seconds: MUTE_SECONDS }),
  addAdmin: (roomId, targetUserId) => host.client.api.addAdmin({ roomId, targetUserId }),
  removeAdmin: (roomId, targetUserId) => host.client.api.removeAdmin({ roomId, targetUserId }),
  unmute: (roomId, targetUserId) => host.client.api.unmuteUser({ roomId, targetUserId }),
  unblock: (roomId, targetUserId) => host.client.api.unblockUser({ roomId, targetUserId }),
} as const satisfies Record<string, (roomId: string, targetUserId: string) => Promise<unknown>>;

export type Act = keyof typeof ACTS;

const DONE = {
  kick: 'kicked',
  mute: 'muted',
  addAdmin: 'adminAdded',
  removeAdmin: 'adminRemoved',
  unmute: 'unmuted',
  unblock: 'unblocked',
} as const satisfies Record<Act, string>;

export async function run(act: Act, room: Room, { userId, name }: Target): Promise<string> {
  await ACTS[act](room.roomId, userId);
  await Promise.all([readRunning(room), refresh()]);
  return t(DONE[act], name || userId);
}

export async function changeRules(room: Room, change: Partial<Rules>): Promise<string> {
  rules.value = await host.client.api.updateChat({ roomId: room.roomId, ...change });
  return t('rulesChanged');
}
