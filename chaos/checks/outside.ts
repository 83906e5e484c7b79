/** What the service leaves outside of itself: IM groups, log lines, and the shape of its answers. */
import { type Check, done, entriesOf, fieldOf, inTenant, named } from '../history';

/** In the end IM has a group for each live room and for nothing else. */
export const groupsFollowRooms: Check = ({ calls, groups }) => {
  const pages = named(calls, 'admin/rooms').filter(done);
  const lastByTenant = new Map(pages.map((call) => [call.tenant, call]));
  const rooms = [...lastByTenant.values()].flatMap(({ tenant, data }) =>
    entriesOf(data).map((room) => ({
      name: inTenant(tenant, fieldOf(room, 'roomId')),
      // A room that an audience opened has no group before its host comes.
      needsGroup: fieldOf(room, 'roomId') === fieldOf(room, 'ownBy'),
    })),
  );
  const live = new Set(rooms.map(({ name }) => name));
  const there = new Set(groups.map(({ tenant, groupId }) => inTenant(tenant, groupId)));
  const complain = (text: string) => ({
    property: 'groups',
    text,
    calls: [...lastByTenant.values()].map(({ id }) => id),
  });
  return [
    ...[...there]
      .filter((group) => !live.has(group))
      .map((group) => complain(`IM still has the group of ${group}, which is not live`)),
    ...rooms
      .filter(({ name, needsGroup }) => needsGroup && !there.has(name))
      .map(({ name }) => complain(`${name} is live and has no IM group`)),
  ];
};

export const logsHoldNoSecrets: Check = ({ leaks }) =>
  [...new Set(leaks)].map((what) => ({ property: 'logs', text: `a log line holds a secret: ${what}`, calls: [] }));

/** Every answer is one that the contract has; 99 is a mistake of ours. */
export const answersFollowTheContract: Check = ({ calls }) =>
  calls
    .filter(({ wrong, code }) => wrong !== '' || code === 99)
    .map(({ id, name, wrong, message }) => ({
      property: 'answers',
      text: `${name}: ${wrong || message}`,
      calls: [id],
    }));
