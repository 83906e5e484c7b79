/** Answers about the past for operators: statistics in steps, and the list of broadcasts, as pages and as a file. */
import { write } from '../../src/data/engine/sql';
import { STEPS } from '../../src/data/statistics/samples';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';
import { rowsInto } from '../../testkit/statements';
import { WAYS } from '../../testkit/ways';

const FIRST = Date.UTC(2026, 10, 1);
const OTHER = { apaasAppId: 'shop', sdkAppId: 1_400_000_099, secret: 'another-secret-of-another-app-0123456789' };

interface Answer {
  step: string;
  atUtc: string[];
  series: Record<string, (number | null)[]>;
  peaks: Record<string, { value: number; atUtc: string }>;
}

onBothDatabases((kind) => {
  const service = useService(kind, { env: { ADMIN_KEY, TENANTS: JSON.stringify([OTHER]) } });
  const admin = () => operatorOf(service());
  const range = { fromUtc: '2026-11-01 00:00:00', toUtc: '2026-11-01T00:05:00Z' };

  beforeAll(async () => {
    const of = (tenant: string, minutes: readonly number[]) =>
      minutes.map((minute) => {
        const at = FIRST + minute * STEPS.minute;
        const gauges = { rooms: minute, viewers: minute * 10, online: 7, rooms_at: at, viewers_at: at, online_at: at };
        return { tenant, step: 0, at, ...gauges, sign_ins: 2, sign_ups: 1, entries: minute };
      });
    const rows = [...of('', [0, 1, 3, 4, 70]), ...of('shop', [2])];
    const db = service().services.database.forRequest();
    await db.execute(write('test.samples', 'safe', rowsInto('samples', ...rows)));
  });

  test.each(WAYS)('answers steps, gaps as gaps, and peaks with their minute (%s)', async (way) => {
    const { data } = await admin().call('statistics', { ...range, series: ['rooms', 'signIns'] }, { way });
    expect(data).toEqual({
      step: '1m',
      atUtc: [0, 1, 2, 3, 4].map((minute) => `2026-11-01 00:0${minute}:00`),
      series: { rooms: [0, 1, null, 3, 4], signIns: [2, 2, null, 2, 2] },
      peaks: { rooms: { value: 4, atUtc: '2026-11-01 00:04:00' }, signIns: { value: 2, atUtc: '2026-11-01 00:00:00' } },
    });
  });

  test('answers GET with a query, all series where none is named, and hours from minutes', async () => {
    const params = { fromUtc: range.fromUtc, toUtc: '2026-11-01 03:00:00', step: '1h' };
    const { status, data } = await admin().call('statistics', params, { method: 'GET' });
    expect(status).toBe(200);
    expect(Object.keys((data as Answer).series)).toEqual([
      'rooms',
      'viewers',
      'online',
      'signIns',
      'signUps',
      'entries',
    ]);
    expect((data as Answer).series).toMatchObject({ viewers: [40, 700, null], signUps: [4, 1, null] });
    expect((data as Answer).peaks).toMatchObject({ viewers: { value: 700, atUtc: '2026-11-01 01:10:00' } });
  });

  test('a tenant sees its own numbers', async () => {
    const { data } = await admin().call('statistics', { ...range, tenant: 'shop', series: ['rooms'] });
    expect((data as Answer).series).toEqual({ rooms: [null, null, 2, null, null] });
  });

  test('picks a step that gives not too many of them', async () => {
    const stepOf = async (toUtc: string) =>
      ((await admin().call('statistics', { fromUtc: range.fromUtc, toUtc })).data as Answer).step;
    expect(await stepOf('2026-11-02 00:00:00')).toBe('1m');
    expect(await stepOf('2026-12-01 00:00:00')).toBe('1h');
    expect(await stepOf('2027-12-01 00:00:00')).toBe('1d');
  });

  test.each([
    [{}, 'fromUtc'],
    [{ fromUtc: '2026-11-01 00:00:00' }, 'toUtc'],
    [{ ...range, step: '2h' }, 'step'],
    [{ ...range, toUtc: range.fromUtc }, 'fromUtc'],
    [{ fromUtc: '2026-01-01', toUtc: '2026-12-01', step: '1m' }, 'step'],
    [{ fromUtc: '2026-02-30', toUtc: '2026-12-01' }, 'fromUtc'],
    [{ ...range, series: ['rooms', 'money'] }, 'series'],
    [{ ...range, serie: ['rooms'] }, 'serie'],
  ])('refuses %j and names the fault', async (params, name) => {
    const answer = await admin().call('statistics', params);
    expect(answer).toMatchObject({ status: 400, errorCode: 98 });
    expect(answer.errorMessage).toContain(name);
  });

  test('lists broadcasts by page, of one owner or room, and as a file', async () => {
    const [anchor, other] = [await newPerson(service()), await newPerson(service())];
    for (let round = 0; round < 5; round += 1) {
      const roomId = await goLive(anchor, { title: round === 0 ? '=SUM(A1),"x"' : `Live ${round}` });
      await anchor.must('rooms/destroy_room', { roomId });
    }
    await goLive(other);
    await other.must('rooms/destroy_room', { roomId: other.userId });
    const mine = { ownBy: anchor.userId };
    const numbers: number[] = [];
    for (let cursor = ''; ; ) {
      const page = await admin().call('broadcasts', { ...mine, limit: 2, ...(cursor !== '' && { cursor }) });
      const { items, cursor: next } = page.data as { items: { broadcastNo: number }[]; cursor: string };
      numbers.push(...items.map((item) => item.broadcastNo));
      if (next === '') break;
      cursor = next;
    }
    expect(numbers).toEqual([5, 4, 3, 2, 1]);
    expect((await admin().call('broadcasts', { roomId: other.userId })).data).toMatchObject({
      items: [{ ownBy: other.userId, endedBy: 'owner', peak: 1, joined: 1 }],
    });
    expect((await admin().call('broadcasts', { ...mine, tenant: 'shop' })).data).toEqual({ items: [], cursor: '' });
    const csv = await admin().raw('broadcasts', { ...mine, format: 'csv' });
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text.split('\r\n')).toHaveLength(7);
    expect(csv.text).toContain(`"'=SUM(A1),""x"""`);
    const lines = (await admin().raw('broadcasts', { ...mine, format: 'json' })).text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { broadcastNo: number }).broadcastNo)).toEqual([5, 4, 3, 2, 1]);
  });

  test('a cursor of another list, or a changed one, is refused', async () => {
    const page = await admin().call('broadcasts', { limit: 1 });
    const { cursor } = page.data as { cursor: string };
    expect((await admin().call('broadcasts', { limit: 1, cursor: `${cursor}A` })).status).toBe(400);
    expect((await admin().call('broadcasts', { limit: 1, cursor, roomId: '1' })).status).toBe(400);
    expect((await admin().call('users', { limit: 1, cursor })).status).toBe(400);
  });
});
