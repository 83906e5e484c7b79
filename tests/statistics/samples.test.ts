/** Samples, their roll-ups and the answers made from them: exact for any process, time and number of runs. */
import { DatabaseError } from '../../src/base/errors';
import { sql, write } from '../../src/data/engine/sql';
import { STEPS, samplesBetween } from '../../src/data/statistics/samples';
import { keepStatistics } from '../../src/rules/statistics/roll-up';
import { takeSamples } from '../../src/rules/statistics/sampler';
import { answerQuestion, SERIES } from '../../src/rules/statistics/statistics-query';
import { goLive, newPerson, type Person, signInAgain } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';
import { rowsInto } from '../../testkit/statements';

const START = Date.UTC(2026, 2, 29, 0, 30, 5);

async function minutes(service: Service, from = START - STEPS.day, to = START + 40 * STEPS.day) {
  return samplesBetween(service.services.database.forRequest(), '', { step: 'minute', from, to });
}

function at(service: Service, ms: number): void {
  service.clock.freeze(ms);
}

onBothDatabases((kind) => {
  let service: Service;
  beforeEach(async () => {
    service = await startService(kind);
    at(service, START);
  });
  afterEach(async () => {
    expect(service.lines.filter((line) => line.includes('sample_failed') && !line.includes('KILLED'))).toEqual([]);
    await service.close();
  });

  async function people(count: number): Promise<Person[]> {
    const made: Person[] = [];
    for (let index = 0; index < count; index += 1) made.push(await newPerson(service));
    return made;
  }

  test('a minute has one sample when several processes take it concurrently', async () => {
    const others = await Promise.all([1, 2, 3].map(() => startService(kind, { sameDatabaseAs: service })));
    for (const other of others) at(other, START);
    await people(3);
    for (let minute = 0; minute < 5; minute += 1) {
      for (const one of [service, ...others]) at(one, START + minute * STEPS.minute + 20_000);
      const taken = await Promise.all(
        [service, ...others].flatMap((one) => [takeSamples(one.services), takeSamples(one.services)]),
      );
      expect(taken.reduce((sum, count) => sum + count, 0)).toBe(1);
    }
    const rows = await minutes(service);
    expect(rows.map((row) => row.at % STEPS.minute)).toEqual([0, 0, 0, 0, 0]);
    expect(rows.map((row) => row.sign_ups)).toEqual([3, 0, 0, 0, 0]);
    for (const other of others) await other.close();
  });

  test('counts rooms, people in them, people online, and new accounts and rooms', async () => {
    const [anchor, ...viewers] = await people(5);
    if (!anchor) throw new Error('the sign-up failed');
    const room = await goLive(anchor);
    for (const viewer of viewers) await viewer.must('rooms/enter_room', { roomId: room, role: 'audience' });
    await viewers[0]?.must('rooms/leave_room', { roomId: room });
    at(service, START + 20_000);
    await takeSamples(service.services);
    expect(await minutes(service)).toMatchObject([
      { at: START - (START % STEPS.minute), rooms: 1, viewers: 4, online: 5, sign_ups: 5, sign_ins: 5, entries: 5 },
    ]);
    // The next one counts nothing of it again.
    at(service, START + 80_000);
    await takeSamples(service.services);
    expect((await minutes(service))[1]).toMatchObject({ rooms: 1, viewers: 4, sign_ups: 0, sign_ins: 0, entries: 0 });
  });

  test('rows deleted before the sample are counted: sessions, accounts, rooms that ended', async () => {
    const [anchor, viewer, leaver] = await people(3);
    if (!anchor || !viewer || !leaver) throw new Error('the sign-up failed');
    const again = await signInAgain(service, leaver);
    await again.must('auth_users/user_logout');
    const room = await goLive(anchor);
    await viewer.must('rooms/enter_room', { roomId: room, role: 'audience' });
    await anchor.must('rooms/destroy_room', { roomId: room });
    await leaver.must('auth_users/user_delete');
    at(service, START + 30_000);
    await takeSamples(service.services);
    expect(await minutes(service)).toMatchObject([{ rooms: 0, sign_ups: 3, sign_ins: 4, entries: 2 }]);
    at(service, START + 90_000);
    await takeSamples(service.services);
    expect((await minutes(service))[1]).toMatchObject({ sign_ups: 0, sign_ins: 0, entries: 0 });
  });

  test('a row committed after its second was counted is in the next sample, once', async () => {
    at(service, START + 20_000);
    await takeSamples(service.services);
    const [late] = await people(1);
    const db = service.services.database.forRequest();
    const before = START + 15_000;
    const set = sql`created_at = ${before}`;
    await db.execute(write('test.late', 'safe', sql`UPDATE users SET ${set} WHERE id = ${Number(late?.userId)}`));
    await db.execute(
      write('test.late', 'safe', sql`UPDATE sessions SET ${set} WHERE user_id = ${Number(late?.userId)}`),
    );
    for (const ms of [80_000, 140_000, 200_000]) {
      at(service, START + ms);
      await takeSamples(service.services);
    }
    expect((await minutes(service)).map((row) => [row.sign_ups, row.sign_ins])).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
  });

  test('a minute that no user sampled is a gap, and what happened in it is not lost', async () => {
    await people(1);
    at(service, START + 20_000);
    await takeSamples(service.services);
    at(service, START + 100_000);
    await people(2);
    at(service, START + 200_000);
    await takeSamples(service.services);
    const from = START - (START % STEPS.minute);
    const question = { tenant: '', step: 'minute' as const, from, to: from + 5 * STEPS.minute, series: SERIES };
    const answer = await answerQuestion(service.services.database.forRequest(), question);
    expect(answer.series).toMatchObject({ signUps: [1, null, null, 2, null], rooms: [0, null, null, 0, null] });
    expect(answer.peaks).toMatchObject({ signUps: { value: 2, at: from + 3 * STEPS.minute } });
  });

  test('a clock that is set back takes no minute twice and counts nothing twice', async () => {
    await people(2);
    for (const ms of [20_000, 80_000, -3_600_000, 30_000, 85_000, 140_000]) {
      at(service, START + ms);
      await takeSamples(service.services);
    }
    const rows = await minutes(service);
    expect(rows).toHaveLength(3);
    expect(rows.map((row) => row.sign_ups)).toEqual([2, 0, 0]);
  });

  test('a process that dies in the middle leaves nothing half done', async () => {
    await people(1);
    at(service, START + 20_000);
    const { database } = service.services;
    const failing = {
      ...service.services,
      database: {
        ...database,
        forRequest: (budget?: Parameters<typeof database.forRequest>[0]) => {
          const db = database.forRequest(budget);
          return Object.assign(Object.create(db), {
            query: db.query.bind(db),
            execute: () => Promise.reject(new DatabaseError('lost', 'KILLED')),
          });
        },
      },
    };
    expect(await takeSamples(failing)).toBe(0);
    expect(service.lines.filter((line) => line.includes('sample_failed') && line.includes('KILLED'))).toHaveLength(1);
    expect(await takeSamples(service.services)).toBe(1);
    expect(await minutes(service)).toMatchObject([{ sign_ups: 1 }]);
  });

  test('hours and days are made from minutes, once, and answer the same with and without them', async () => {
    const db = service.services.database.forRequest();
    const first = Date.UTC(2026, 2, 28);
    const rows = Array.from({ length: 2_000 }, (_, index) => {
      const time = first + index * STEPS.minute;
      const gauges = { rooms: index % 97, viewers: (index * 7) % 1_009, online: index % 13 };
      return {
        tenant: '',
        step: 0,
        at: time,
        ...gauges,
        rooms_at: time,
        viewers_at: time,
        online_at: time,
        sign_ins: 1,
        sign_ups: index % 2,
        entries: 3,
      };
    });
    await db.execute(write('test.samples', 'safe', rowsInto('samples', ...rows)));
    at(service, first + 2_000 * STEPS.minute + 1_000);
    const ask = (step: 'hour' | 'day') =>
      answerQuestion(service.services.database.forRequest(), {
        tenant: '',
        step,
        from: first,
        to: first + 2 * STEPS.day,
        series: SERIES,
      });
    const before = [await ask('hour'), await ask('day')];
    expect(await keepStatistics(service.services)).toBe(33 + 1);
    expect(await keepStatistics(service.services)).toBe(0);
    expect([await ask('hour'), await ask('day')]).toEqual(before);
    expect(before[0]?.series.signIns?.slice(0, 3)).toEqual([60, 60, 60]);
    expect(before[0]?.series.signIns?.[33]).toBe(20);
    expect(before[0]?.series.signIns?.[34]).toBeNull();
    expect(before[1]?.series.entries).toEqual([4_320, 1_680]);
    expect(before[1]?.peaks.viewers).toEqual({ value: 1_008, at: first + 144 * STEPS.minute });
  });

  test('expired minutes are deleted, hours and days stay', async () => {
    const db = service.services.database.forRequest();
    const old = START - 20 * STEPS.day;
    const hour = old - (old % STEPS.hour);
    const rows = [0, 1, 2].map((index) => ({ tenant: '', step: 0, at: hour + index * STEPS.minute, sign_ins: 1 }));
    await db.execute(write('test.samples', 'safe', rowsInto('samples', ...rows)));
    await keepStatistics(service.services);
    expect(await minutes(service, 0)).toEqual([]);
    const hours = await samplesBetween(db, '', { step: 'hour', from: 0, to: START });
    expect(hours).toMatchObject([{ at: hour, sign_ins: 3 }]);
  });
});
