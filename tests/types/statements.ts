/** Compiled only: a call that does not give a statement exactly its values, of the right types, is an error. */
import type { Executor } from '../../src/data/engine/database';
import { columns, each, insertAllInto, insertInto, int, read, sql, text, write } from '../../src/data/engine/sql';

const USER = columns('users', 'u', ['id', 'name']);
const FIND = read(
  'users.find',
  USER,
  sql`SELECT ${USER} FROM users u WHERE u.id = ${int('id')} AND u.tag = ${text('tag')}`,
);
const ROWS = write('users.rows', 'safe', sql`INSERT ${each('rows', sql`${int('id')}`, ', ')}`);
const CREATE = write('addresses.create', 'never', insertInto('addresses', ['user_id', 'address']));
const CREATE_ALL = write('addresses.all', 'never', insertAllInto('all', 'addresses', ['user_id', 'address']));
const NONE = write('users.none', 'safe', sql`DELETE FROM users`);

export async function calls(db: Executor): Promise<number | undefined> {
  const [row] = await db.query(FIND, { id: 1, tag: 'x' });
  // @ts-expect-error: a value is missing
  await db.query(FIND, { id: 1 });
  // @ts-expect-error: all values are missing
  await db.query(FIND);
  // @ts-expect-error: a text is not a number
  await db.query(FIND, { id: '1', tag: 'x' });
  await db.execute(ROWS, { rows: [{ id: 1 }] });
  // @ts-expect-error: a row lacks its value
  await db.execute(ROWS, { rows: [{}] });
  // @ts-expect-error: the statement has no place for it
  await db.execute(ROWS, { rows: [{ id: 1, name: 'x' }] });
  await db.execute(CREATE, { user_id: 1, address: 'x' });
  // @ts-expect-error: a column of the table that is not in the statement
  await db.execute(CREATE, { user_id: 1, address: 'x', tenant: '' });
  // @ts-expect-error: nor in the rows of a list
  await db.execute(CREATE_ALL, { all: [{ user_id: 1, address: 'x', tenant: '' }] });
  await db.execute(NONE);
  // @ts-expect-error: the column was not selected
  return row?.avatar ?? row?.id;
}

// @ts-expect-error: there is no such column
columns('users', 'u', ['nickname']);
