/** Ways to the errors of what hosts do in their rooms. */
import { newPerson, type Person } from '../../../testkit/people';
import { codeOf, type Way, type World } from './code-ways';

const NOBODY = '99999999';

const ON_A_PERSON = ['kick_user', 'mute_user', 'unmute_user', 'unblock_user', 'add_admin', 'remove_admin'].map(
  (name) => `rooms/${name}`,
);
const ON_A_ROOM = ['list_blocked', 'list_admins', 'update_chat', 'chat_rules'].map((name) => `rooms/${name}`);

const tired = new WeakMap<World, Promise<Person>>();

/** A user who has reached the limit of chat rule changes of a minute. */
function tiredHost(w: World): Promise<Person> {
  const known = tired.get(w);
  if (known) return known;
  const made = (async () => {
    const host = await newPerson(w.frozen);
    await host.must('rooms/enter_room', { roomId: host.userId, role: 'anchor' });
    for (let n = 0; n < 60; n += 1) await host.must('rooms/update_chat', { roomId: host.userId, slowSeconds: 3 + n });
    return host;
  })();
  tired.set(w, made);
  return made;
}

const limited = (endpoint: string): Way => ({
  error: 'UserQueryLimit',
  endpoint,
  reach: async (w) => {
    const host = await tiredHost(w);
    return codeOf(host.call(endpoint, { roomId: host.userId, targetUserId: w.bob.userId, seconds: 1 }));
  },
});

const noRoom = (endpoint: string): Way => ({
  error: 'RoomNotExists',
  endpoint,
  reach: (w) => codeOf(w.alice.call(endpoint, { roomId: 'nowhere', targetUserId: w.bob.userId, seconds: 1 })),
});

export const HOST_WAYS: readonly Way[] = [
  ...[...ON_A_PERSON, ...ON_A_ROOM].map(noRoom),
  ...ON_A_PERSON.map(
    (endpoint): Way => ({
      error: 'UserNotExists',
      endpoint,
      reach: (w) => codeOf(w.alice.call(endpoint, { roomId: w.alice.userId, targetUserId: NOBODY, seconds: 1 })),
    }),
  ),
  ...[...ON_A_PERSON, 'rooms/update_chat'].map(limited),
  {
    error: 'SystemVerifyError',
    endpoint: 'rooms/list_blocked',
    reach: (w) => codeOf(w.bob.call('rooms/list_blocked', { roomId: w.alice.userId })),
  },
];
