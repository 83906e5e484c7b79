/** The state of the fake of the operators' API: rooms, people, sanctions, reports, webhooks. */
import type {
  Delivery,
  LiveRoom,
  Operator,
  Report,
  RoomDetail,
  Sanction,
  User,
  UserDetail,
  Webhook,
} from '../../../web/operators/types';

export interface World {
  /** Scope by key. */
  keys: Map<string, string>;
  rooms: LiveRoom[];
  users: User[];
  members: RoomDetail['members'];
  sanctions: Sanction[];
  reports: Report[];
  operators: Operator[];
  webhooks: Webhook[];
  deliveries: Delivery[];
  notes: (UserDetail['notes'][number] & { userId: string })[];
  reasons: string[];
  /** Whether IM is on. */
  im: boolean;
  /** How watch_room works. */
  watch: 'trtc' | 'url' | 'off';
  audit: { action: string; userId: string; roomId: string; reason: string }[];
  /** The minutes before now without a sample. */
  gap: [from: number, to: number];
}

export const KEYS = { read: 'lrk_read', moderate: 'lrk_moderate', manage: 'lrk_manage' } as const;

export const utcText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const TITLES = [
  'A quiet evening 🎹',
  'بث مباشر من القاهرة',
  `${'Ganzlanges'.repeat(9)} Wort`,
  '<img src=x onerror="window.broken=1">',
  '深夜电台：和你聊聊天',
];

function room(index: number): LiveRoom {
  return {
    roomId: String(100_000_000 + index),
    title: TITLES[index] ?? `Room number ${index}`,
    category: index % 3 === 0 ? 'music' : 'talk',
    cover: '',
    ownBy: String(index + 1),
    ownerName: index === 1 ? 'ليلى' : `host-${index}`,
    state: index === 3 ? 'hostAway' : 'live',
    endUtc: '',
    startUtc: utcText(Date.now() - (index + 1) * 60_000),
    viewers: Math.floor(90_000 / (index + 1)),
    joined: Math.floor(400_000 / (index + 1)),
    reports: index === 0 ? 2 : 0,
    warned: index === 2,
    broadcastNo: 3,
  };
}

function user(index: number): User {
  const at = utcText(Date.now() - index * 3_600_000);
  return {
    userId: String(index + 1),
    name: index === 1 ? 'ليلى' : `host-${index}`,
    username: `user-${index}`,
    createUtc: at,
    lastSeenUtc: at,
    banned: false,
    online: index % 2 === 0,
  };
}

function report(index: number, targetUserId: string): Report {
  return {
    reportId: String(index),
    roomId: '100000000',
    roomTitle: TITLES[0] ?? '',
    broadcastNo: 3,
    byUserId: String(index + 20),
    byName: `host-${index + 19}`,
    targetUserId,
    targetName: targetUserId && 'host-0',
    reason: 'fraud',
    description: 'asks for money <b>immediately</b>',
    createUtc: utcText(Date.now() - index * 60_000),
    state: 'open',
    verdict: '',
    resolvedBy: '',
  };
}

export function newWorld(rooms: number): World {
  const now = utcText(Date.now());
  return {
    keys: new Map(Object.entries(KEYS).map(([scope, key]) => [key, scope])),
    rooms: Array.from({ length: rooms }, (_, index) => room(index)),
    users: Array.from({ length: Math.min(rooms, 120) }, (_, index) => user(index)),
    members: Array.from({ length: Math.min(rooms, 12) }, (_, index) => ({
      userId: String(index + 1),
      name: index === 1 ? 'ليلى' : `host-${index}`,
      role: index === 0 ? 'anchor' : 'audience',
      joinedUtc: now,
    })),
    sanctions: [],
    reports: rooms === 0 ? [] : [report(1, '1'), report(2, '')],
    operators: [
      {
        name: 'alice',
        scope: 'moderate',
        tenant: '*',
        createUtc: now,
        lastUsedUtc: now,
        expireUtc: '',
        expired: false,
      },
      { name: 'dora', scope: 'read', tenant: '*', createUtc: now, lastUsedUtc: '', expireUtc: now, expired: true },
    ],
    notes: [],
    reasons: ['spam', 'fraud'],
    im: true,
    watch: 'url',
    webhooks: [
      {
        webhookId: '1',
        url: `https://hooks.example/${'live-room'.repeat(9)}`,
        events: ['room.opened', 'room.ended'],
        description: 'بث مباشر',
        enabled: false,
        lastStatus: 410,
        failingSinceUtc: now,
      },
    ],
    deliveries: [
      {
        deliveryId: '1',
        eventId: 'evt_YFXWB3hv_VlIrnuDFnbNHA',
        event: 'room.opened',
        atUtc: now,
        attempts: 3,
        state: 'failed',
        lastStatus: 500,
        nextUtc: '',
      },
    ],
    audit: [],
    gap: [20, 25],
  };
}
