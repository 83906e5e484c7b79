/** Chat rules of a room: one row if they differ from the default. Kept from broadcast to broadcast. */
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { columns, insertInto, int, read, sql, write } from '../engine/sql';

const RULES = columns('chat_rules', 'c', ['speak', 'slow_seconds', 'no_repeats', 'links', 'min_seconds']);
export type ChatRulesRow = (typeof RULES)['row'];

const FIND = read('chat_rules.find', RULES, sql`SELECT ${RULES} FROM chat_rules c WHERE c.room_pk = ${int('roomPk')}`);

/** undefined: the defaults. */
export async function findChatRules(db: Pick<Executor, 'query'>, roomPk: number): Promise<ChatRulesRow | undefined> {
  return (await db.query(FIND, { roomPk }))[0];
}

const NEW = insertInto('chat_rules', [
  ...(['room_pk', 'speak', 'slow_seconds', 'no_repeats', 'links', 'min_seconds', 'updated_at'] as const),
]);
const SET = sql`speak = ${proposed('speak')}, slow_seconds = ${proposed('slow_seconds')},
    no_repeats = ${proposed('no_repeats')}, links = ${proposed('links')},
    min_seconds = ${proposed('min_seconds')}, updated_at = ${proposed('updated_at')}`;
const STORE = write('chat_rules.store', 'safe', sql`${NEW} ${onConflict('room_pk', SET)}`);

export async function storeChatRules(
  tx: Executor,
  { roomPk, now, ...rules }: ChatRulesRow & { roomPk: number; now: number },
): Promise<void> {
  await tx.execute(STORE, { ...rules, room_pk: roomPk, updated_at: now });
  tx.changed('review');
}
