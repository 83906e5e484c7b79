/** Calls of the fake of the operators' API that show: the overview, settings, notes, statistics, records, webhooks. */
import type { Broadcast } from '../../../web/operators/types';
import { type Calls, gone, type Params, text } from './fake-operators-call';
import { utcText, type World } from './fake-operators-world';

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
  ownerName: `host-${index}`,
  title: `Over ${index}`,
  category: 'talk',
  startUtc: '2026-11-20 10:00:00',
  endUtc: '2026-11-20 11:00:00',
  endedBy: index === 0 ? 'operator' : 'owner',
  reason: index === 0 ? 'spam' : '',
  peak: 60 - index,
  joined: 100,
}));

export function historyCalls(world: World): Calls {
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
          after: '{"seconds":3600}',
          requestId: '',
          address: '',
        };
        const rows = world.audit.map((row, index) => ({
          auditId: String(index),
          ...row,
          userName: `host-${Number(row.userId) - 1}`,
          roomTitle: row.roomId && 'A quiet evening 🎹',
          ...more,
        }));
        return format === 'csv' ? csv(rows) : rows;
      },
    },
  };
}

export function overviewCalls(world: World): Calls {
  return {
    overview: {
      scope: 'read',
      fields: [],
      run: () => ({
        now: {
          rooms: world.rooms.length,
          viewers: world.rooms.reduce((sum, { viewers }) => sum + viewers, 0),
          online: 52_000,
          openReports: world.reports.filter(({ state }) => state === 'open').length,
        },
        yesterday: { rooms: world.rooms.length + 4, viewers: null, online: 40_000 },
        reports: { today: 2, yesterday: 5 },
        health: {
          database: { state: 'ok', detail: 'MySQL' },
          im: { state: 'waiting', detail: '2 calls failed and will be retried' },
          trtc: { state: 'off', detail: '' },
          webhooks: { state: 'failed', detail: '1 of 1 fail' },
          codes: { state: 'ok', detail: '' },
        },
      }),
    },
    settings: {
      scope: 'manage',
      fields: [],
      list: true,
      run: () => [
        {
          name: 'PORT',
          value: '9000',
          secret: false,
          isSet: false,
          isDefault: true,
          en: 'Listen port.',
          zh: '监听端口。',
        },
        {
          name: 'ADMIN_KEY',
          value: '',
          secret: true,
          isSet: true,
          isDefault: false,
          en: 'First key.',
          zh: '第一个密钥。',
        },
      ],
    },
    reasons: { scope: 'read', fields: [], run: () => ({ reasons: world.reasons }) },
    set_reasons: {
      scope: 'manage',
      fields: ['reasons'],
      run: ({ reasons }) => {
        world.reasons = reasons as string[];
        return { reasons };
      },
    },
    watch_room: {
      scope: 'moderate',
      fields: ['roomId*'],
      run: ({ roomId }) => ({
        roomId,
        url: world.watch === 'url' ? `https://play.example/${text(roomId)}` : '',
        sdkAppId: 1_400_000_000,
        userId: 'operator-1',
        userSig: 'eJyr',
        expireUtc: '',
      }),
    },
    add_note: {
      scope: 'moderate',
      fields: ['userId*', 'text*'],
      run: ({ userId, text: note }) => {
        const noteId = String(world.notes.length + 1);
        const createUtc = utcText(Date.now());
        world.notes.unshift({ noteId, userId: text(userId), text: text(note), by: 'alice', createUtc });
        return { noteId };
      },
    },
    remove_note: {
      scope: 'moderate',
      fields: ['noteId*'],
      run: ({ noteId }) => {
        world.notes = world.notes.filter((note) => note.noteId !== noteId);
      },
    },
  };
}

/** Read-only records: their effects are tested against the service itself. */
export function webhookCalls(world: World): Calls {
  return {
    webhooks: { scope: 'manage', fields: [], list: true, run: () => world.webhooks },
    deliveries: { scope: 'manage', fields: ['webhookId*', 'state'], list: true, run: () => world.deliveries },
    delivery: {
      scope: 'manage',
      fields: ['deliveryId*'],
      run: () => {
        const [{ attempts: attemptCount, ...delivery } = gone('no such delivery')] = world.deliveries;
        const attempt = {
          number: 3,
          atUtc: delivery.atUtc,
          ms: 48,
          status: 500,
          fault: '',
          requestHeaders: 'webhook-id: evt_YFXWB3hv_VlIrnuDFnbNHA\nuser-agent: live-room-webhooks',
          responseHeaders: 'content-type: text/html',
          responseBody: '<h1>Internal error</h1>',
        };
        const payload = JSON.stringify({ type: delivery.event, data: { title: '<b>深夜电台</b>' } });
        const failed = { ...attempt, number: 2, status: 0, fault: 'ECONNREFUSED' };
        return { ...delivery, attemptCount, webhookId: '1', payload, waitsFor: '', attempts: [attempt, failed] };
      },
    },
  };
}
