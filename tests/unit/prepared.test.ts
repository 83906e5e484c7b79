/** The text of a statement for either database, and the places of a call's values. */
import { bind } from '../../src/data/engine/prepared';
import { byDialect, columns, each, int, ints, raw, read, sql, text, texts, write } from '../../src/data/engine/sql';

const USER = columns('users', 'u', ['id', 'name']);

test('values of the call are in their named places, constants in theirs', () => {
  const find = read('users.find', USER, sql`SELECT ${USER} FROM users u WHERE u.id = ${int('id')} AND u.tag = ${'x'}`);
  expect(bind(find, 'sqlite', { id: 7 })).toEqual({
    text: '/* users.find */ SELECT u.id, u.name FROM users u WHERE u.id = ? AND u.tag = ?',
    values: [7, 'x'],
    reads: true,
  });
});

test('a list has 1, 4, 16 … places, filled up with its last value', () => {
  const some = write(
    'users.some',
    'safe',
    sql`DELETE FROM users WHERE id IN (${ints('ids')}) AND tenant IN (${texts('tenants')})`,
  );
  const { text: one, values } = bind(some, 'mysql', { ids: [1, 2], tenants: ['a'] });
  expect(one).toBe('/* users.some */ DELETE FROM users WHERE id IN (?, ?, ?, ?) AND tenant IN (?)');
  expect(values).toEqual([1, 2, 2, 2, 'a']);
  expect(bind(some, 'mysql', { ids: [1, 2, 3, 4, 5], tenants: ['a'] }).values).toHaveLength(17);
  expect(bind(some, 'mysql', { ids: [3], tenants: ['b'] })).toMatchObject({ values: [3, 'b'] });
  expect(() => bind(some, 'mysql', { ids: [], tenants: ['a'] })).toThrow('an empty list: ids');
});

test('each repeats a piece for the rows of a list; its filling, or else the last row, fills it up', () => {
  const rows = each('rows', sql`SELECT ${int('id')} AS id, ${text('name')} AS name`, ' UNION ALL ', {
    id: 0,
    name: '',
  });
  const insert = write('users.insert', 'never', sql`INSERT INTO users ${rows}`);
  const given = { rows: [1, 2].map((id) => ({ id, name: `n${id}` })) };
  expect(bind(insert, 'sqlite', given).values).toEqual([1, 'n1', 2, 'n2', 0, '', 0, '']);
  const when = each('rows', sql`WHEN ${int('id')} THEN ${text('name')}`, ' ');
  const update = write('users.update', 'safe', sql`UPDATE users SET name = CASE id ${when} END`);
  const same = { rows: [...given.rows, { id: 3, name: 'n3' }] };
  expect(bind(update, 'sqlite', same).values).toEqual([1, 'n1', 2, 'n2', 3, 'n3', 3, 'n3']);
});

test('each kind of database has its own text, with its own values', () => {
  const piece = byDialect({ mysql: sql`a = ${int('n')}`, sqlite: raw('b') });
  const update = write('users.update', 'safe', sql`UPDATE users SET ${piece}`);
  expect(bind(update, 'mysql', { n: 1 })).toMatchObject({
    text: '/* users.update */ UPDATE users SET a = ?',
    values: [1],
  });
  expect(bind(update, 'sqlite', { n: 1 })).toMatchObject({ text: '/* users.update */ UPDATE users SET b', values: [] });
});

test('a value that is missing is an error, and never a NULL', () => {
  const find = write('users.find', 'safe', sql`UPDATE users SET a = ${int('id')}`);
  expect(() => bind(find, 'mysql', {})).toThrow('no value for id');
  expect(() => bind(find, 'mysql', { id: undefined })).toThrow('no value for id');
});
