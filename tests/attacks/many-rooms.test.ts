/** Attack 5: one account that fills the list, the IM application and the id space with its rooms. */
import { FOUND, sql } from '../../src/data/engine/sql';
import { runMaintenance } from '../../src/rules/jobs/maintenance';
import { lived } from '../../testkit/lived';
import { newPerson, type Person, type Room } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { look, meddle, rowsInto } from '../../testkit/statements';

const DAY_S = 86_400;

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ROOM_IDS_PER_DAY: '5' } });
  const db = () => stage().services.database.forRequest();
  let attacker: Person;
  beforeEach(async () => {
    attacker = await newPerson(stage());
  });

  test('40 concurrent new ids open three rooms and create three groups', async () => {
    const groups = stage().im.groups(APP_ID).size;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        attacker.call('rooms/enter_room', { roomId: `${attacker.userId}-many-${index}`, role: 'anchor' }),
      ),
    );
    const codes = answers.map(({ errorCode }) => errorCode);
    expect(codes.filter((code) => code === 0)).toHaveLength(3);
    expect(codes.filter((code) => code === 209)).toHaveLength(37);
    expect(answers.find(({ errorCode }) => errorCode === 209)?.errorMessage).toMatch(/3 rooms open already/);
    expect(stage().im.groups(APP_ID).size).toBe(groups + 3);
    const listed = await attacker.must<Room[]>('rooms/query_room', { limit: 100 });
    expect(listed.filter(({ ownBy }) => ownBy === attacker.userId)).toHaveLength(3);
  });

  test('a user who ends one may open another, and returns to the open ones', async () => {
    const enter = (name: string, role = 'anchor') =>
      attacker.call('rooms/enter_room', { roomId: `${attacker.userId}-${name}`, role });
    for (const name of ['a', 'b', 'c']) expect((await enter(name)).errorCode).toBe(0);
    expect((await enter('d')).errorCode).toBe(209);
    // Nor as an audience, under an id that was no user's.
    expect((await enter('e', 'audience')).errorCode).toBe(209);
    expect((await enter('b')).errorCode).toBe(0);
    await attacker.must('rooms/destroy_room', { roomId: `${attacker.userId}-a` });
    expect((await enter('d')).errorCode).toBe(0);
    expect((await enter('a')).errorCode).toBe(209);
  });

  test('ids are generated until five are unused, and again when they are used or a day old', async () => {
    const generate = () => attacker.call('rooms/generate_roomid');
    const answers = await Promise.all(Array.from({ length: 20 }, generate));
    expect(answers.filter(({ errorCode }) => errorCode === 0)).toHaveLength(5);
    const refused = answers.find(({ errorCode }) => errorCode !== 0);
    expect(refused).toMatchObject({ errorCode: 209, errorMessage: expect.stringMatching(/5 unused roomIds/) });
    // Leaving the id to the server is generating one.
    expect((await attacker.call('rooms/enter_room', { role: 'anchor' })).errorCode).toBe(209);
    const one = answers.find(({ errorCode }) => errorCode === 0)?.data as { roomId: string };
    await attacker.must('rooms/enter_room', { roomId: one.roomId, role: 'anchor' });
    expect((await generate()).errorCode).toBe(0);
    expect((await generate()).errorCode).toBe(209);
    stage().wait(DAY_S + 1);
    expect((await generate()).errorCode).toBe(0);
  });

  test('an account of before the limits, with 12,000 open rooms, is deleted in pieces', async () => {
    const ownerId = Number(attacker.userId);
    const now = stage().clock.now();
    const rooms = Array.from({ length: 12_000 }, (_, index) => ({
      tenant: '',
      room_id: `${ownerId}-old-${index}`,
      owner_id: ownerId,
      updated_by: ownerId,
      broadcast_no: 1,
      status: 1,
      created_at: now,
    }));
    for (let at = 0; at < rooms.length; at += 1_000) {
      await meddle(db(), rowsInto('rooms', ...rooms.slice(at, at + 1_000)));
    }
    const { result, ms } = await lived(attacker.call('auth_users/user_delete'));
    expect({ code: result.errorCode, inTime: ms < 8_000 }).toEqual({ code: 0, inTime: true });
    const open = sql`SELECT ${FOUND} FROM rooms WHERE owner_id = ${ownerId} AND status = 1`;
    const watcher = await newPerson(stage());
    expect(await stage().listed(watcher)).toEqual(expect.not.arrayContaining([`${ownerId}-old-0`]));
    // The scheduled work does the rest of the request's work, run by run.
    const before = (await look(db(), FOUND, open)).length;
    expect(before).toBeLessThanOrEqual(12_000 - 100);
    const report = await runMaintenance(stage().services, { budgetMs: 3_000 });
    const after = (await look(db(), FOUND, open)).length;
    expect(before === 0 || after < before).toBe(true);
    expect(report).not.toHaveProperty('roomsFailed');
  });
});
