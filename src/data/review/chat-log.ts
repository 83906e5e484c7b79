/** The log of chats: written in batches, searched by room or person and time, deleted when its days are over. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  each,
  insertAllInto,
  int,
  nullable,
  raw,
  read,
  sql,
  text,
  write,
} from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

const ROW = columns('chat_log', 'l', [
  'id',
  'room_pk',
  'broadcast_no',
  'user_id',
  'message',
  'at',
  'address',
  'platform',
  'outcome',
  'code',
  'message_seq',
]);
const ENTRY = both(
  both(ROW, nullable(computed<{ room_id: string }>({ room_id: raw('r.room_id') }))),
  nullable(computed<{ name: string }>({ name: raw('u.name') })),
);
export type ChatEntry = (typeof ENTRY)['row'];

const FROM = raw('LEFT JOIN rooms r ON r.id = l.room_pk LEFT JOIN users u ON u.id = l.user_id');

export interface NewChatEntry {
  tenant: string;
  room_pk: number;
  broadcast_no: number;
  user_id: number;
  message: string;
  at: number;
  address: string;
  platform: string;
  outcome: string;
  code: number;
  message_key: string;
  message_seq: number;
}

const ADD = write(
  'chat_log.add',
  'never',
  insertAllInto('entries', 'chat_log', [
    ...(['tenant', 'room_pk', 'broadcast_no', 'user_id', 'message', 'at', 'address', 'platform'] as const),
    ...(['outcome', 'code', 'message_key', 'message_seq'] as const),
  ]),
);

export async function addChatEntries(db: Executor, entries: readonly NewChatEntry[]): Promise<void> {
  await db.execute(ADD, { entries });
}

const NOTE_SEQUENCES = write(
  'chat_log.note_sequences',
  'safe',
  sql`UPDATE chat_log
    SET message_seq = CASE message_key ${each('known', sql`WHEN ${text('key')} THEN ${int('seq')}`, ' ')} END
    WHERE tenant = ${text('tenant')} AND message_key IN (${each('known', text('key'), ', ')}) AND message_seq = 0`,
);

/** IM's numbers of messages that went out. */
export async function noteSequences(
  db: Executor,
  tenant: string,
  known: readonly { key: string; seq: number }[],
): Promise<void> {
  await db.execute(NOTE_SEQUENCES, { tenant, known });
}

export interface ChatFilter {
  tenant: string;
  roomPk?: number | undefined;
  userId?: number | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

type Page = ChatFilter & { at?: number | undefined; id?: number | undefined; limit: number };
const BEHIND = sql`l.at <= ${int('at')} AND (l.at < ${int('at')} OR l.id < ${int('id')})`;
const listing = variants(({ has, and }: Shape<Page>) =>
  read(
    'chat_log.list',
    ENTRY,
    sql`SELECT ${ENTRY} FROM chat_log l ${byIndex(has('roomPk') ? 'chat_log_of_room' : 'chat_log_of_user')} ${FROM}
    WHERE l.tenant = ${text('tenant')} ${and('roomPk', sql`l.room_pk = ${int('roomPk')}`)}
      ${and('userId', sql`l.user_id = ${int('userId')}`)} ${and('from', sql`l.at >= ${int('from')}`)}
      ${and('to', sql`l.at < ${int('to')}`)} ${and('at', BEHIND)} ORDER BY l.at DESC, l.id DESC LIMIT ${int('limit')}`,
  ),
);

/** Newest first. */
export function listChat(
  db: Reader,
  filter: ChatFilter,
  { after, limit }: { after: { at: number; id: number } | undefined; limit: number },
): Promise<ChatEntry[]> {
  const values = { ...filter, ...after, limit };
  return db.query(listing(values), values);
}

const FIND = read(
  'chat_log.find',
  ENTRY,
  sql`SELECT ${ENTRY} FROM chat_log l ${FROM} WHERE l.id = ${int('id')} AND l.tenant = ${text('tenant')}`,
);

export async function findChatEntry(db: Reader, tenant: string, id: number): Promise<ChatEntry | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const RECALL = write(
  'chat_log.recall',
  'safe',
  sql`UPDATE chat_log SET outcome = 'recalled' WHERE id = ${int('id')} AND outcome IN ('passed', 'masked')`,
);

/** False if it was recalled before. */
export async function noteRecalled(tx: Executor, id: number): Promise<boolean> {
  return (await tx.execute(RECALL, { id })).affected > 0;
}

const AGE = columns('chat_log', 'l', ['at']);
const OLDEST = read(
  'chat_log.oldest',
  AGE,
  sql`SELECT ${AGE} FROM chat_log l ${byIndex('chat_log_by_age')}
    WHERE l.tenant = ${text('tenant')} AND l.at < ${int('before')} ORDER BY l.at LIMIT 1 OFFSET ${int('limit')}`,
);
const EXPIRE = write(
  'chat_log.expire',
  'safe',
  sql`DELETE FROM chat_log WHERE tenant = ${text('tenant')} AND at < ${int('until')}`,
);

/** Deletes up to about `limit` entries of a tenant from before `before`; gives how many. */
export async function deleteOldChat(
  db: Executor,
  old: { tenant: string; before: number; limit: number },
): Promise<number> {
  const until = (await db.query(OLDEST, old))[0]?.at ?? old.before;
  return (await db.execute(EXPIRE, { tenant: old.tenant, until })).affected;
}
