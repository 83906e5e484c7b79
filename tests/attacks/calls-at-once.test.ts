/** A burst of one account waits in its own line: it takes no more of the database's connections than a few calls do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CALLS_AT_ONCE } from '../../src/rules/accounts/places';
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';

const CALLS = 300;

onBothDatabases((kind) => {
  let service: Service;
  let person: Person;
  beforeAll(async () => {
    service = await startService(kind);
    person = await newPerson(service);
  });
  afterAll(() => service.close());

  /** How often each code came, and the most statements that were running or waiting for a connection. */
  async function burst(path: string, params: (n: number) => object) {
    const { userId, token } = person;
    const calls = Array.from({ length: CALLS }, (_, n) =>
      service.call(path, { userId, token, ...params(n) }, 'function-url-observed'),
    );
    let over = false;
    let most = 0;
    const watching = (async () => {
      while (!over) {
        const { inUse = 0, waiting = 0 } = service.services.database.pool() ?? {};
        most = Math.max(most, inUse + waiting);
        await sleep(0);
      }
    })();
    const answers = await Promise.all(calls);
    over = true;
    await watching;
    const codes = new Set(answers.map(({ errorCode }) => errorCode));
    return { codes: [...codes].sort(), most };
  }

  test.each<[string, (n: number) => object]>([
    ['auth_users/user_update', (n) => ({ name: `name ${n}` })],
    ['rooms/generate_roomid', () => ({})],
    ['rooms/enter_room', (n) => ({ roomId: `room-${n}`, role: 'anchor', category: 'music' })],
  ])('%s', async (path, params) => {
    const { codes, most } = await burst(path, params);
    expect(codes).not.toContain(103);
    // Work after an answer, such as calls to IM, has other connections.
    expect(most).toBeLessThan(2 * CALLS_AT_ONCE);
  });
});
