/** Every call of the fake of the operators' API: its scope, its fields (`*` = required) and its effect. */
import type { Sanction } from '../../../web/operators/types';
import { type Calls, gone, type Params, Refused, text } from './fake-operators-call';
import { historyCalls, overviewCalls, webhookCalls } from './fake-operators-records';
import { reviewCalls } from './fake-operators-review';
import { utcText, type World } from './fake-operators-world';

const PENDING = { pending: ['im'] };

function roomCalls(world: World): Calls {
  const find = (roomId: unknown) =>
    world.rooms.find((room) => room.roomId === roomId) ?? gone('RoomNotExists(2004): there is no such room');
  const orders = { viewers: 'viewers', joined: 'joined', newest: 'startUtc' } as const;
  return {
    rooms: {
      scope: 'read',
      fields: ['orderBy', 'category', 'ownBy', 'search'],
      list: true,
      run: ({ search, category, orderBy = 'viewers' }) => {
        const by = orders[orderBy as keyof typeof orders] ?? gone('orderBy');
        const found = world.rooms.filter(
          (room) =>
            (category === undefined || room.category === category) &&
            (search === undefined || [room.title, room.roomId, room.ownBy].some((one) => one.includes(text(search)))),
        );
        return found.toSorted((a, b) => (a[by] < b[by] ? 1 : -1));
      },
    },
    room: {
      scope: 'read',
      fields: ['roomId*'],
      run: ({ roomId }) => {
        const room = find(roomId);
        const about = <T extends { roomId: string }>(list: T[]) => list.filter((one) => one.roomId === roomId);
        const opened = {
          atUtc: room.startUtc,
          kind: 'opened',
          userId: room.ownBy,
          userName: room.ownerName,
          text: room.title,
        };
        const members = world.members.filter(
          ({ userId }) => !world.sanctions.some((one) => one.kind === 'kick' && one.userId === userId),
        );
        return { room, members, timeline: [opened], sanctions: about(world.sanctions), reports: about(world.reports) };
      },
    },
    end_room: {
      scope: 'moderate',
      fields: ['roomId*', 'reason*', 'banOwnerSeconds'],
      run: ({ roomId }) => {
        world.rooms.splice(world.rooms.indexOf(find(roomId)), 1);
        return { pending: ['im', 'trtc'] };
      },
    },
    warn_room: {
      scope: 'moderate',
      fields: ['roomId*', 'text*'],
      run: ({ roomId }) => {
        find(roomId).warned = true;
        return PENDING;
      },
    },
  };
}

function sanctionCalls(world: World): Calls {
  const add = (kind: Sanction['kind'], params: Params) => {
    const { userId, roomId, reason, seconds } = params;
    const sanctionId = String(world.sanctions.length + 1);
    world.sanctions.unshift({
      sanctionId,
      kind,
      userId: text(userId),
      userName: world.users.find((one) => one.userId === userId)?.name ?? '',
      address: '',
      roomId: text(roomId),
      roomTitle: world.rooms.find((one) => one.roomId === roomId)?.title ?? '',
      reason: text(reason),
      by: 'alice',
      byUserId: '',
      createUtc: utcText(Date.now()),
      untilUtc: Number(seconds) > 0 ? utcText(Date.now() + Number(seconds) * 1_000) : '',
      untilBroadcastEnds: kind === 'kick' && seconds === undefined,
      liftedUtc: '',
      liftedBy: '',
    });
    world.audit.unshift({ action: `${kind}_user`, userId: text(userId), roomId: text(roomId), reason: text(reason) });
    return { sanctionId, ...PENDING };
  };
  return {
    kick_user: {
      scope: 'moderate',
      fields: ['roomId*', 'userId*', 'reason*', 'seconds'],
      run: (params) => add('kick', params),
    },
    mute_user: {
      scope: 'moderate',
      fields: ['userId*', 'reason*', 'roomId', 'seconds*'],
      run: (params) => add('mute', params),
    },
    ban_user: {
      scope: 'moderate',
      fields: ['userId*', 'reason*', 'seconds*', 'withAddress'],
      run: (params) => {
        for (const user of world.users.filter(({ userId }) => userId === params['userId'])) user.banned = true;
        return { ...add('ban', params), endedRooms: [] };
      },
    },
    lift_sanction: {
      scope: 'moderate',
      fields: ['sanctionId*', 'reason*'],
      run: ({ sanctionId }) => {
        const sanction = world.sanctions.find((one) => one.sanctionId === sanctionId) ?? gone('no such sanction');
        if (sanction.liftedUtc) throw new Refused(409, 'SystemVerifyError(98): this sanction is over already');
        Object.assign(sanction, { liftedUtc: utcText(Date.now()), liftedBy: 'alice' });
      },
    },
    sanctions: {
      scope: 'read',
      fields: ['userId', 'roomId', 'kind', 'active'],
      list: true,
      run: ({ kind, active = true }) =>
        world.sanctions.filter((one) => (one.liftedUtc === '') === active && (kind === undefined || one.kind === kind)),
    },
    reports: {
      scope: 'read',
      fields: ['state', 'roomId', 'userId'],
      list: true,
      run: ({ state }) => world.reports.filter((one) => state === undefined || one.state === state),
    },
    resolve_report: {
      scope: 'moderate',
      fields: ['reportId*', 'verdict*', 'reason*', 'action'],
      run: ({ reportId, verdict, action }) => {
        const report = world.reports.find((one) => one.reportId === reportId) ?? gone('no such report');
        const [measure, params] = Object.entries(Object(action))[0] ?? [];
        if (measure) callsOf(world)[measure]?.run(Object(params));
        Object.assign(report, { state: 'done', verdict, resolvedBy: 'alice' });
        return { pending: [] };
      },
    },
  };
}

function peopleCalls(world: World): Calls {
  return {
    users: {
      scope: 'read',
      fields: ['search'],
      list: true,
      run: ({ search }) =>
        world.users.filter((user) => search === undefined || [user.userId, user.username].includes(text(search))),
    },
    user: {
      scope: 'read',
      fields: ['userId*'],
      run: ({ userId }) => {
        const user = world.users.find((one) => one.userId === userId) ?? gone('UserNotExists(206): no such user');
        const { createUtc } = user;
        return {
          ...user,
          rooms: [{ roomId: '100000000', title: 'A quiet evening 🎹', role: 'audience', joinedUtc: createUtc }],
          notes: world.notes.filter((one) => one.userId === userId).map(({ userId: _of, ...note }) => note),
          sessions: [{ createUtc, expireUtc: createUtc, address: '203.0.113.7' }],
          broadcasts: [
            { roomId: '1', broadcastNo: 1, title: 'Before', category: 'talk', startUtc: createUtc, endUtc: createUtc },
          ],
          sanctions: world.sanctions.filter((one) => one.userId === userId),
          reports: world.reports.filter((one) => one.targetUserId === userId),
        };
      },
    },
    sign_out_user: { scope: 'moderate', fields: ['userId*', 'reason*'], run: () => ({ sessions: 1 }) },
    operators: { scope: 'manage', fields: [], list: true, run: () => world.operators },
    add_operator: {
      scope: 'manage',
      fields: ['name*', 'scope*', 'tenant', 'validDays'],
      run: ({ name, scope, tenant }) => {
        const operator = { name: text(name), scope: scope as 'read', tenant: text(tenant) };
        const times = { createUtc: utcText(Date.now()), lastUsedUtc: '', expireUtc: '', expired: false };
        world.operators.push({ ...operator, ...times });
        const key = `lrk_${text(name)}-once`;
        world.keys.set(key, text(scope));
        return { name, key };
      },
    },
    rotate_operator: {
      scope: 'manage',
      fields: ['name*', 'validDays'],
      run: ({ name }) => ({ name, key: 'lrk_rotated' }),
    },
    remove_operator: {
      scope: 'manage',
      fields: ['name*'],
      run: ({ name }) => {
        world.operators = world.operators.filter((one) => one.name !== name);
      },
    },
  };
}

export function callsOf(world: World): Calls {
  return {
    ...overviewCalls(world),
    ...roomCalls(world),
    ...sanctionCalls(world),
    ...peopleCalls(world),
    ...historyCalls(world),
    ...webhookCalls(world),
    ...reviewCalls(),
  };
}
