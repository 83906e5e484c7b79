/** Chat rules of a room: one row if they differ from the default. Kept from broadcast to broadcast. */
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { columns, insertInto, read, sql, write } from '../engine/sql';

const RULES = columns('chat_rules', 'c', ['speak', 'slow_seconds', 'no_repeats', 'links', 'min_seconds']);
export type ChatRulesRow = (typeof RULES)['row'];

/** undefined: the defaults. */
export async function findChatRules(db: Pick<Executor, 'query'>, roomPk: number): Promise<ChatRulesRow | undefined> {
  const statement = sql`SELECT ${RULES} FROM chat_rules c WHERE c.room_pk = ${roomPk}`;
  return (await db.query(read('chat_rules.find', RULES, statement)))[0];
}

export async function storeChatRules(
  tx: Executor,
  rules: ChatRulesRow & { roomPk: number; now: number },
): Promise<void> {
  const { roomPk, now, ...row } = rules;
  const insert = insertInto('chat_rules', { room_pk: roomPk, ...row, updated_at: now });
  const set = sql`speak = ${proposed('speak')}, slow_seconds = ${proposed('slow_seconds')},
    no_repeats = ${proposed('no_repeats')}, links = ${proposed('links')},
    min_seconds = ${proposed('min_seconds')}, updated_at = ${proposed('updated_at')}`;
  await tx.execute(write('chat_rules.store', 'safe', sql`${insert} ${onConflict('room_pk', set)}`));
  tx.changed('review');
}
