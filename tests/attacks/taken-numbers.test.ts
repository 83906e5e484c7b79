/** Attack 2: short numbers taken as roomIds, so that the next users find their own numbers gone. */
import { findUsersByName } from '../../src/data/accounts/accounts';
import { accountName } from '../../src/data/accounts/user-names';
import { idStep } from '../../testkit/mysql-server';
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';
import { meddle } from '../../testkit/statements';

const isPowerOf2 = (number: number) => (number & (number - 1)) === 0;
const LARGEST_USER_ID = 99_999_999;

/** Takes an id as the apps do, and gives the room up again: the id stays its owner's permanently. */
async function take(person: Person, id: number): Promise<void> {
  await person.must('rooms/enter_room', { roomId: String(id), role: 'anchor' });
  await person.must('rooms/destroy_room', { roomId: String(id) });
}

onBothDatabases((kind) => {
  const service = useService(kind);
  const db = () => service().services.database.forRequest();

  test('27 numbers in doubling steps do not move the numbering', async () => {
    const attacker = await newPerson(service());
    const own = Number(attacker.userId);
    for (let step = 1; own + step <= LARGEST_USER_ID; step *= 2) await take(attacker, own + step);
    const ids: number[] = [];
    for (let count = 0; count < 8; count += 1) ids.push(Number((await newPerson(service())).userId));
    // n+1, n+2, n+4, n+8 … are taken: the next eight are the numbers between and behind them.
    const free = Array.from({ length: 40 }, (_, index) => (index + 1) * idStep).filter((offset) => !isPowerOf2(offset));
    expect(ids).toEqual(free.slice(0, 8).map((offset) => own + offset));
  });

  test('many who sign up concurrently get past a long row of taken numbers', async () => {
    const attacker = await newPerson(service());
    const own = Number(attacker.userId);
    const values = Array.from({ length: 3_000 }, (_, index) => `('', '${own + 1 + index}', ${own}, 1)`);
    // Some of the first attacker's are among them.
    const insert = kind === 'mysql' ? 'INSERT IGNORE' : 'INSERT OR IGNORE';
    await meddle(
      db(),
      `${insert} INTO public_ids (tenant, public_id, owner_id, created_at) VALUES ${values.join(', ')}`,
    );
    const people = await Promise.all(Array.from({ length: 12 }, () => newPerson(service())));
    const ids = people.map(({ userId }) => Number(userId));
    expect(new Set(ids).size).toBe(12);
    expect(Math.min(...ids)).toBeGreaterThan(own + 3_000);
    expect(Math.max(...ids)).toBeLessThan(own + 3_000 + 100 * idStep);
  });

  test('numbering that has been driven to its end continues with numbers that are free', async () => {
    const last = LARGEST_USER_ID;
    await meddle(db(), `INSERT INTO users (id, tenant, username, username_key) VALUES (${last}, '', 'last', 'last')`);
    const people = await Promise.all(Array.from({ length: 6 }, () => newPerson(service())));
    const ids = people.map(({ userId }) => Number(userId));
    expect(new Set(ids).size).toBe(6);
    for (const id of ids) {
      expect(id).toBeGreaterThan(0);
      expect(id).toBeLessThan(LARGEST_USER_ID);
    }
    // Everything of an account works with such a number.
    const [person] = people;
    await person?.must('rooms/enter_room', { roomId: person.userId, role: 'anchor' });
    const request = service().services.database.forRequest();
    const [found] = await findUsersByName(request, [accountName('', person?.username ?? '')]);
    expect(found?.id).toBe(Number(person?.userId));
  });

  test('a taken name is still distinguished from a taken number', async () => {
    const person = await newPerson(service());
    const other = { username: person.username, salt: 'e'.repeat(32) };
    expect(await service().call('oauth/register', other)).toMatchObject({ errorCode: 98 });
  });
});
