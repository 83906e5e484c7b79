/** Every call of the fake of the operators' API: its scope, its fields (`*` = must be given) and what it does. */
import type { Broadcast, Sanction } from '../../../web/operators/types';
import { utcText, type World } from './fake-operators-world';

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Params = Record<string, unknown>;

interface Call {
  scope: 'read' | 'moderate' | 'manage';
  fields: readonly string[];
  list?: boolean;
  run: (params: Params) => unknown;
}
export type Calls = Readonly<Record<string, Call>>;

const text = (value: unknown) => (value === undefined ? '' : String(value));
const PENDING = { pending: ['im'] };

function gone(what: string): never {
  throw new Refused(404, what);
}

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
        const opened = { atUtc: room.startUtc, kind: 'opened', userId: room.ownBy, text: room.title };
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
      address: '',
      roomId: text(roomId),
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
        if (sanction.liftedUtc) throw new Refused(409, 'SystemVerifyError(98): it was lifted already');
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
      fields: ['name*', 'scope*', 'tenant'],
      run: ({ name, scope, tenant }) => {
        const operator = { name: text(name), scope: scope as 'read', tenant: text(tenant) };
        world.operators.push({ ...operator, createUtc: utcText(Date.now()), lastUsedUtc: '' });
        const key = `lrk_${text(name)}-once`;
        world.keys.set(key, text(scope));
        return { name, key };
      },
    },
    rotate_operator: { scope: 'manage', fields: ['name*'], run: ({ name }) => ({ name, key: 'lrk_rotated' }) },
    remove_operator: {
      scope: 'manage',
      fields: ['name*'],
      run: ({ name }) => {
        world.operators = world.operators.filter((one) => one.name !== name);
      },
    },
  };
}

function seriesOf(world: World, { fromUtc, toUtc, step, series }: Params) {
  const stepMs = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 }[text(step)] ?? gone('step');
  const from = Date.parse(`${text(fromUtc)}Z`);
  const to = Date.parse(`${text(toUtc)}Z`);
  const times = Array.from({ length: Math.floor((to - from) / stepMs) }, (_, index) => from + index * stepMs);
  const [gapFrom, gapTo] = world.gap;
  const value = (index: number, scale: number) =>
    index >= gapFrom && index < gapTo ? null : Math.round(scale * (1 + Math.sin(index / 9)));
  const names = series as string[];
  const list = (index: number) => times.map((_, at) => value(at, (index + 1) * 400));
  const peak = (values: (number | null)[]) => {
    const most = Math.max(...values.map((one) => one ?? 0));
    return { value: most, atUtc: utcText(times[values.indexOf(most)] ?? 0) };
  };
  const entries = names.map((name, index): [string, (number | null)[]] => [name, list(index)]);
  return {
    step,
    atUtc: times.map(utcText),
    series: Object.fromEntries(entries),
    peaks: Object.fromEntries(entries.map(([name, values]) => [name, peak(values)])),
  };
}

const BROADCASTS: Broadcast[] = Array.from({ length: 6 }, (_, index) => ({
  roomId: String(index + 1),
  broadcastNo: 1,
  ownBy: String(index + 1),
  title: `Over ${index}`,
  category: 'talk',
  startUtc: '2026-11-20 10:00:00',
  endUtc: '2026-11-20 11:00:00',
  endedBy: index === 0 ? 'operator' : 'owner',
  reason: index === 0 ? 'spam' : '',
  peak: 60 - index,
  joined: 100,
}));

function historyCalls(world: World): Calls {
  const csv = (rows: object[]) => rows.map((row) => Object.values(row).join(',')).join('\r\n');
  return {
    statistics: {
      scope: 'read',
      fields: ['fromUtc*', 'toUtc*', 'step', 'series'],
      run: (params) => seriesOf(world, params),
    },
    broadcasts: {
      scope: 'read',
      fields: ['ownBy', 'roomId', 'fromUtc', 'toUtc', 'format'],
      list: true,
      run: ({ format }) => (format === 'csv' ? csv(BROADCASTS) : BROADCASTS),
    },
    audit: {
      scope: 'manage',
      fields: ['roomId', 'userId', 'operator', 'action', 'fromUtc', 'toUtc', 'format'],
      list: true,
      run: ({ format }) => {
        const more = {
          atUtc: utcText(Date.now()),
          operator: 'alice',
          before: '',
          after: '',
          requestId: '',
          address: '',
        };
        const rows = world.audit.map((row, index) => ({ auditId: String(index), ...row, ...more }));
        return format === 'csv' ? csv(rows) : rows;
      },
    },
  };
}

/** To be looked at only: what they do is tried against the service itself. */
function webhookCalls(world: World): Calls {
  return {
    webhooks: { scope: 'manage', fields: [], list: true, run: () => world.webhooks },
    deliveries: { scope: 'manage', fields: ['webhookId*', 'state'], list: true, run: () => world.deliveries },
  };
}

export function callsOf(world: World): Calls {
  return {
    ...roomCalls(world),
    ...sanctionCalls(world),
    ...peopleCalls(world),
    ...historyCalls(world),
    ...webhookCalls(world),
  };
}
