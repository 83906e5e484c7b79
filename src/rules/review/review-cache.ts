/**
 * What review knows without asking: settings, words and sanctions of tenants, and rooms with their roles and rules. Changes
 * by other processes arrive within two seconds (refreshed-cache.ts), by one row per tenant that counts them.
 */
import { WORD_ACTIONS } from '../../contract/admin/words';
import type { ChatRules } from '../../contract/chat-rules';
import type { ReviewSettings } from '../../contract/review-settings';
import type { Kept } from '../../data/engine/changes';
import type { Executor } from '../../data/engine/database';
import type { DatabaseSource } from '../../data/engine/open';
import {
  type ChatRoomRow,
  type ChatSanctionRow,
  chatRoom,
  chatSanctions,
  chatSanctionsOf,
} from '../../data/review/chat-rooms';
import { findReviewState } from '../../data/review/review-state';
import { wordsInOrder } from '../../data/review/words';
import { isLiveRoom } from '../../data/rooms/room-states';
import { chatRulesOf } from '../hosts/stored-rules';
import { type Matcher, MatcherBuilder } from './matcher';
import { RefreshedCache } from './refreshed-cache';
import { type ReviewDefaults, settingsOf } from './settings';

export interface ChatRoom {
  id: number;
  roomId: string;
  ownerId: number;
  broadcastNo: number;
  live: boolean;
  admins: ReadonlySet<number>;
  rules: ChatRules;
}

export interface TenantReview {
  settings: ReviewSettings;
  matcher: Matcher;
  /** When IM asked last before a message (ms since 1970), as it was stored. */
  callbackAt: number;
  /** Entries by user; undefined: too many users. */
  sanctions: ReadonlyMap<number, readonly ChatSanctionRow[]> | undefined;
  settingsNo: number;
  wordsNo: number;
  sanctionsNo: number;
}

export interface ReviewCache extends Kept {
  tenant(tenant: string): TenantReview | Promise<TenantReview>;
  /** undefined: no room of ours. */
  room(tenant: string, roomId: string): ChatRoom | undefined | Promise<ChatRoom | undefined>;
  /** The last known state of a tenant, for times without a database. */
  lastSettings(tenant: string): ReviewSettings;
  sanctionsOf(
    review: TenantReview,
    userId: number,
    now: number,
  ): readonly ChatSanctionRow[] | Promise<readonly ChatSanctionRow[]>;
}

/** Sanctions of a tenant that are kept in memory, about 10 MB; with more than these each sender is looked up. */
const MAX_SANCTIONS = 50_000;
const MAX_ROOMS = 20_000;
const MAX_TENANTS = 1_000;
const NONE: readonly ChatSanctionRow[] = [];

function roomOf(row: ChatRoomRow): ChatRoom {
  const { speak, slow_seconds, no_repeats, links, min_seconds } = row;
  const stored =
    speak === null || slow_seconds === null || no_repeats === null || links === null || min_seconds === null
      ? undefined
      : { speak, slow_seconds, no_repeats, links, min_seconds };
  return {
    id: row.id,
    roomId: row.room_id,
    ownerId: row.owner_id,
    broadcastNo: row.broadcast_no,
    live: isLiveRoom(row),
    admins: new Set(row.admins === null ? [] : row.admins.split(',').map(Number)),
    rules: chatRulesOf(stored),
  };
}

function byUser(rows: readonly ChatSanctionRow[]): Map<number, ChatSanctionRow[]> | undefined {
  if (rows.length > MAX_SANCTIONS) return undefined;
  const found = new Map<number, ChatSanctionRow[]>();
  for (const row of rows) {
    const of = found.get(row.user_id);
    if (of) of.push(row);
    else found.set(row.user_id, [row]);
  }
  return found;
}

interface Parts {
  database: Pick<DatabaseSource, 'forRequest' | 'pool'>;
  clock: () => number;
  defaults: ReviewDefaults;
}

async function loadTenant(
  { database, clock, defaults }: Parts,
  tenant: string,
  before: TenantReview | undefined,
): Promise<TenantReview> {
  const db = database.forRequest();
  const state = await findReviewState(db, tenant);
  const numbers = {
    settingsNo: state?.settings_no ?? 0,
    wordsNo: state?.words_no ?? 0,
    sanctionsNo: state?.sanctions_no ?? 0,
    callbackAt: state?.callback_at ?? 0,
  };
  const { settingsNo, wordsNo, sanctionsNo } = numbers;
  const settings = before?.settingsNo === settingsNo ? before.settings : settingsOf(state?.settings, defaults);
  const matcher = before?.wordsNo === wordsNo ? before.matcher : await readMatcher(db, tenant);
  const sanctions =
    before?.sanctionsNo === sanctionsNo
      ? before.sanctions
      : byUser(await chatSanctions(db, { tenant, now: clock(), most: MAX_SANCTIONS + 1 }));
  return { ...numbers, settings, matcher, sanctions };
}

/** Words that are read and added at a time: some milliseconds of work. */
const WORDS_AT_ONCE = 1_000;

/** The list in the database. A change while it is read gets the list read again: its number was read before. */
export async function readMatcher(db: Pick<Executor, 'query'>, tenant: string): Promise<Matcher> {
  const builder = new MatcherBuilder();
  for (let after = 0; ; ) {
    const rows = await wordsInOrder(db, { tenant, after, limit: WORDS_AT_ONCE });
    const words = rows.flatMap(({ id, word, action }) => {
      const known = WORD_ACTIONS.find((one) => one === action);
      return known ? [{ id, text: word, action: known }] : [];
    });
    builder.add(words);
    if (rows.length < WORDS_AT_ONCE) return builder.build();
    after = rows.at(-1)?.id ?? after;
  }
}

const MISSING = Symbol('no such room');

export function createReviewCache(parts: Parts): ReviewCache {
  const { database } = parts;
  const mayRefresh = () => database.pool() !== undefined;
  const tenants = new RefreshedCache<TenantReview>({
    most: MAX_TENANTS,
    mayRefresh,
    load: (tenant, before) => loadTenant(parts, tenant, before),
  });
  const rooms = new RefreshedCache<ChatRoom | typeof MISSING>({
    most: MAX_ROOMS,
    mayRefresh,
    load: async (key) => {
      const [tenant = '', roomId = ''] = key.split('\n');
      const row = await chatRoom(database.forRequest(), { tenant, roomId });
      return row ? roomOf(row) : MISSING;
    },
  });
  const found = (room: ChatRoom | typeof MISSING) => (room === MISSING ? undefined : room);

  return {
    tenant: (tenant) => tenants.get(tenant),
    room(tenant, roomId) {
      const room = rooms.get(`${tenant}\n${roomId}`);
      return room instanceof Promise ? room.then(found) : found(room);
    },
    lastSettings: (tenant) => tenants.last(tenant)?.settings ?? settingsOf(undefined, parts.defaults),
    sanctionsOf({ sanctions }, userId, now) {
      return sanctions ? (sanctions.get(userId) ?? NONE) : chatSanctionsOf(database.forRequest(), userId, now);
    },
    concernedBy: ['rooms', 'review'],
    forget(change) {
      // Every viewer who comes back changes a list of rooms; only a room that was not there before is news here.
      if (change === 'rooms') return rooms.forgetWhere((room) => room === MISSING);
      tenants.forget();
      rooms.forget();
    },
  };
}
