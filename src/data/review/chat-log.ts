/** The log of chats: written in batches, searched by room or person and time, deleted when its days are over. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import {
  both,
  choice,
  columns,
  computed,
  insertInto,
  join,
  list,
  nullable,
  raw,
  read,
  type Sql,
  sql,
  write,
} from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

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

export async function addChatEntries(db: Executor, rows: readonly NewChatEntry[]): Promise<void> {
  const inserted = insertInto('chat_log', ...rows.map((row) => ({ ...row })));
  await db.execute(write('chat_log.add', 'never', inserted));
}

/** IM's numbers of messages that went out. */
export async function noteSequences(
  db: Executor,
  tenant: string,
  known: readonly { key: string; seq: number }[],
): Promise<void> {
  const seq = choice(
    raw('message_key'),
    known.map((one) => [one.key, one.seq] as const),
  );
  const statement = sql`UPDATE chat_log SET message_seq = ${seq}
    WHERE tenant = ${tenant} AND message_key IN (${list(known.map(({ key }) => key))}) AND message_seq = 0`;
  await db.execute(write('chat_log.note_sequences', 'safe', statement));
}

export interface ChatFilter {
  tenant: string;
  roomPk?: number | undefined;
  userId?: number | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** Newest first. */
export function listChat(
  db: Reader,
  { tenant, roomPk, userId, from, to }: ChatFilter,
  page: { after: { at: number; id: number } | undefined; limit: number },
): Promise<ChatEntry[]> {
  const conditions: Sql[] = [sql`l.tenant = ${tenant}`];
  if (roomPk !== undefined) conditions.push(sql`l.room_pk = ${roomPk}`);
  if (userId !== undefined) conditions.push(sql`l.user_id = ${userId}`);
  if (from !== undefined) conditions.push(sql`l.at >= ${from}`);
  if (to !== undefined) conditions.push(sql`l.at < ${to}`);
  const { after } = page;
  if (after) conditions.push(sql`l.at <= ${after.at} AND (l.at < ${after.at} OR l.id < ${after.id})`);
  const hint = byIndex(roomPk === undefined ? 'chat_log_of_user' : 'chat_log_of_room');
  const statement = sql`SELECT ${ENTRY} FROM chat_log l ${hint} ${FROM} WHERE ${join(conditions, ' AND ')}
    ORDER BY l.at DESC, l.id DESC LIMIT ${page.limit}`;
  return db.query(read('chat_log.list', ENTRY, statement));
}

export async function findChatEntry(db: Reader, tenant: string, id: number): Promise<ChatEntry | undefined> {
  const statement = sql`SELECT ${ENTRY} FROM chat_log l ${FROM} WHERE l.id = ${id} AND l.tenant = ${tenant}`;
  return (await db.query(read('chat_log.find', ENTRY, statement)))[0];
}

/** False where it was recalled before. */
export async function noteRecalled(tx: Executor, id: number): Promise<boolean> {
  const statement = sql`UPDATE chat_log SET outcome = 'recalled' WHERE id = ${id} AND outcome IN ('passed', 'masked')`;
  return (await tx.execute(write('chat_log.recall', 'safe', statement))).affected > 0;
}

const AGE = columns('chat_log', 'l', ['at']);

/** Deletes up to about `limit` entries of a tenant from before `before`; gives how many. */
export async function deleteOldChat(
  db: Executor,
  old: { tenant: string; before: number; limit: number },
): Promise<number> {
  const oldest = sql`SELECT ${AGE} FROM chat_log l ${byIndex('chat_log_by_age')}
    WHERE l.tenant = ${old.tenant} AND l.at < ${old.before} ORDER BY l.at LIMIT 1 OFFSET ${old.limit}`;
  const until = (await db.query(read('chat_log.oldest', AGE, oldest)))[0]?.at ?? old.before;
  const statement = sql`DELETE FROM chat_log WHERE tenant = ${old.tenant} AND at < ${until}`;
  return (await db.execute(write('chat_log.expire', 'safe', statement))).affected;
}
