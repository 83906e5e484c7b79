/** Viewers who enter repeatedly, or enter and leave in a loop: webhooks get changes only, and other events in time. */
import { createServer } from 'node:http';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPeople, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

interface Event {
  type: string;
  data: { roomId?: string; userId?: string; sequence?: number };
}

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true', TRTC_ENDPOINT: 'off' } });
  const got: Event[] = [];
  const server = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      got.push(JSON.parse(body));
      reply.writeHead(204).end();
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await operatorOf(stage()).must('add_webhook', { url: `http://127.0.0.1:${port}/hook`, events: [] });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const enter = (person: Person, roomId: string) => person.must('rooms/enter_room', { roomId, role: 'audience' });
  async function heardOf(roomId: string): Promise<Event[]> {
    got.length = 0;
    await createDeliverer(stage().services).deliverDue(() => true);
    return got.filter(({ data }) => data.roomId === roomId);
  }
  const ofMembers = (events: readonly Event[]) =>
    events.map(({ type }) => type).filter((type) => type.startsWith('member.'));

  test('200 entries without leaving are one member.joined', async () => {
    const [host, viewer] = (await newPeople(stage(), 2)) as [Person, Person];
    const roomId = await goLive(host);
    for (let n = 0; n < 200; n += 1) {
      await enter(viewer, roomId);
      stage().wait(0.01);
    }
    expect(ofMembers(await heardOf(roomId))).toEqual(['member.joined']);
  });

  test('a crowd that enters at the same moment costs a few statements a batch, and each of them is an event', async () => {
    const [host, ...viewers] = (await newPeople(stage(), 61)) as [Person, ...Person[]];
    const roomId = await goLive(host);
    await heardOf(roomId);
    const before = stage().lines.length;
    await Promise.all(viewers.map((viewer) => enter(viewer, roomId)));
    const calls = stage()
      .lines.slice(before)
      .map((line) => JSON.parse(line));
    // It was five statements for each user of the batch, in one transaction with the room locked.
    expect(Math.max(...calls.map(({ queries = 0 }) => queries))).toBeLessThan(60);
    const joined = (await heardOf(roomId)).filter(({ type }) => type === 'member.joined');
    expect(new Set(joined.map(({ data }) => data.userId))).toEqual(new Set(viewers.map(({ userId }) => userId)));
    const numbers = joined.map(({ data }) => data.sequence ?? 0);
    expect(numbers).toEqual(viewers.map((_, index) => (numbers[0] ?? 0) + index));
  });

  test('coming and going in a loop is bounded, and dropped in pairs', async () => {
    const [host, viewer] = (await newPeople(stage(), 2)) as [Person, Person];
    const roomId = await goLive(host);
    for (let n = 0; n < 50; n += 1) {
      await enter(viewer, roomId);
      stage().wait(0.01);
      await viewer.must('rooms/leave_room', { roomId });
      stage().wait(0.01);
    }
    const events = ofMembers(await heardOf(roomId));
    expect(events).toEqual(Array.from({ length: 10 }, () => ['member.joined', 'member.left']).flat());
    stage().wait(61);
    await enter(viewer, roomId);
    expect(ofMembers(await heardOf(roomId))).toEqual(['member.joined']);
    stage().wait(1);
    await viewer.must('rooms/leave_room', { roomId });
    expect(ofMembers(await heardOf(roomId))).toEqual(['member.left']);
  });

  test('the end of a room does not wait behind its members, and each stream keeps its order', async () => {
    const [host, ...viewers] = (await newPeople(stage(), 21)) as [Person, ...Person[]];
    const roomId = await goLive(host);
    for (const viewer of viewers) {
      await enter(viewer, roomId);
      stage().wait(0.01);
      await viewer.must('rooms/leave_room', { roomId });
    }
    await host.must('rooms/destroy_room', { roomId });
    const events = await heardOf(roomId);
    const at = events.findIndex(({ type }) => type === 'room.ended');
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThan(events.length / 2);
    const sequences = (isMember: boolean) =>
      events.filter(({ type }) => type.startsWith('member.') === isMember).map(({ data }) => data.sequence ?? 0);
    for (const stream of [sequences(true), sequences(false)]) expect(stream).toEqual([...stream].sort((a, b) => a - b));
    expect(new Set([...sequences(true), ...sequences(false)]).size).toBe(events.length);
  });
});
