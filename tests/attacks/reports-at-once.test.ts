/** Attack 33: one person reports the whole list at the same moment, so that no user has been counted yet. */
import { columns, sql } from '../../src/data/engine/sql';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPeople, newPerson } from '../../testkit/people';
import { onBothDatabases, startService, useService } from '../../testkit/service';
import { look } from '../../testkit/statements';

const LIMIT = 5;
const ROOMS = 24;

onBothDatabases((kind) => {
  const env = { REPORTS_PER_HOUR: String(LIMIT), ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' };
  const service = useService(kind, { env });

  const reports = columns('reports', 'e', ['by_user', 'room_pk']);
  async function reportsOf(userId: string): Promise<number> {
    const db = service().services.database.forRequest();
    return (await look(db, reports, sql`SELECT ${reports} FROM reports e WHERE e.by_user = ${Number(userId)}`)).length;
  }

  test(`${ROOMS} rooms concurrently, through two processes: ${LIMIT} reports`, async () => {
    const other = await startService(kind, { sameDatabaseAs: service(), env });
    const rooms = await Promise.all((await newPeople(service(), ROOMS)).map((owner) => goLive(owner)));
    const person = await newPerson(service());
    const answers = await Promise.all(
      rooms.map((targetRoomId, index) =>
        (index % 2 === 0 ? service() : other).call('reports/report_room', {
          userId: person.userId,
          token: person.token,
          targetRoomId,
          reason: 'spam',
        }),
      ),
    );
    const codes = answers.map(({ errorCode }) => errorCode).sort((a, b) => a - b);
    expect(codes).toEqual([...Array(LIMIT).fill(0), ...Array(ROOMS - LIMIT).fill(209)]);
    expect(await reportsOf(person.userId)).toBe(LIMIT);
    await other.close();
  });

  test('one room twenty times concurrently: one report, and no error', async () => {
    const targetRoomId = await goLive(await newPerson(service()));
    const person = await newPerson(service());
    const report = () => person.call('reports/report_room', { targetRoomId, reason: 'spam' });
    const answers = await Promise.all(Array.from({ length: 20 }, report));
    expect(answers.map(({ errorCode }) => errorCode)).toEqual(Array(20).fill(0));
    expect(await reportsOf(person.userId)).toBe(1);
  });

  test('a webhook gets the reports that were stored, and no others', async () => {
    const webhook = { url: 'http://127.0.0.1:9/', events: ['report.created'] };
    await operatorOf(service()).must('add_webhook', webhook);
    const other = await startService(kind, { sameDatabaseAs: service(), env });
    const rooms = await Promise.all((await newPeople(service(), ROOMS)).map((owner) => goLive(owner)));
    const { userId, token } = await newPerson(service());
    await Promise.all(
      rooms.map((targetRoomId, index) => {
        const params = { userId, token, targetRoomId, reason: 'spam' };
        return (index % 2 === 0 ? service() : other).call('reports/report_room', params);
      }),
    );
    await other.close();
    const event = columns('webhook_events', 'e', ['id']);
    const events = await look(
      service().services.database.forRequest(),
      event,
      sql`SELECT ${event} FROM webhook_events e`,
    );
    expect([events.length, await reportsOf(userId)]).toEqual([LIMIT, LIMIT]);
  });
});
