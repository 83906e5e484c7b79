/** A process that dies between a commit and the delivery of its event: the next one delivers it, by its id, once. */
import { createServer, type Server } from 'node:http';
import { columns, sql } from '../../src/data/engine/sql';
import { until } from '../../testkit/lived';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';
import { type ServiceProcess, startProcess } from '../../testkit/service-process';
import { look, meddle } from '../../testkit/statements';

const DELIVERY = columns('deliveries', 'd', ['id', 'state', 'attempts', 'event_pk']);
const EVENT = columns('webhook_events', 'e', ['id', 'event_id']);
/** How often it is tried to be faster than the process that sends, which begins some 10 ms after its commit. */
const MOST_ROUNDS = 20;

onBothDatabases((kind) => {
  let service: Service;
  let receiver: Server;
  /** Answers, or accepts requests without an answer. */
  let answers = false;
  /** webhook-id of each answered delivery. */
  const taken: string[] = [];
  const running: ServiceProcess[] = [];

  beforeAll(async () => {
    receiver = createServer((request, reply) => {
      request.resume().on('end', () => {
        if (!answers) return;
        taken.push(String(request.headers['webhook-id']));
        reply.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    service = await startService(kind, { env: { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true', SIGN_UPS_PER_MINUTE: '0' } });
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    await operatorOf(service).must('add_webhook', { url, events: ['room.opened'] });
  });
  afterAll(async () => {
    for (const process of running) await process.kill();
    await service.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  const db = () => service.services.database.forRequest();
  const deliveries = () => look(db(), DELIVERY, sql`SELECT ${DELIVERY} FROM deliveries d ORDER BY d.id`);

  async function start(): Promise<ServiceProcess> {
    const process = await startProcess({ ...service.env });
    running.push(process);
    return process;
  }

  /** Goes live at a process that is killed with the answer; gives how often the event had been sent by then. */
  async function dieAfterCommit(anchor: Person): Promise<number> {
    const process = await start();
    const { userId, token } = anchor;
    const answer = await process.call('rooms/enter_room', { userId, token, roomId: userId, role: 'anchor' });
    await process.kill();
    expect(answer.errorCode).toBe(0);
    const last = (await deliveries()).at(-1);
    expect(last?.state).toBe(0);
    return last?.attempts ?? Number.NaN;
  }

  test('SIGKILL between the commit and the delivery: unsent and unanswered events come once', async () => {
    const attempts: number[] = [];
    while (attempts.length < MOST_ROUNDS && !(attempts.length > 2 && attempts.includes(0))) {
      attempts.push(await dieAfterCommit(await newPerson(service)));
    }
    // At least one died before anything was sent.
    expect(attempts).toContain(0);
    const events = await look(db(), EVENT, sql`SELECT ${EVENT} FROM webhook_events e ORDER BY e.id`);
    expect(events).toHaveLength(attempts.length);
    expect((await deliveries()).every(({ state }) => state === 0)).toBe(true);

    answers = true;
    await start();
    // An event that a killed process was sending is due again half a minute later: that time passes now.
    await meddle(db(), 'UPDATE deliveries SET next_at = 0 WHERE state = 0');
    await until('all are delivered', async () => (await deliveries()).every(({ state }) => state === 1));
    expect([...taken].sort()).toEqual(events.map(({ event_id }) => event_id).sort());
  });
});
