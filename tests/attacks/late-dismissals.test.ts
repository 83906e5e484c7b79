/** Attack 24, a race without an attacker: a late dismissal must not dissolve the IM group of the next broadcast. */
import { columns, sql } from '../../src/data/engine/sql';
import { newPerson } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { look } from '../../testkit/statements';

const KEPT = columns('broadcasts', 'b', ['started_at', 'ended_at']);

onBothDatabases((kind) => {
  const stage = useStage(kind);
  const groups = () => stage().im.groups(APP_ID);

  test('a group that is younger than the end of the broadcast stays, and the next live has it', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().wait(30);
    // The app's dismissal and its next group have reached IM by now; enter_room has not come yet.
    const group = { groupId: roomId, owner: anchor.userId, type: 'AVChatRoom', name: 'by the app' };
    groups().set(roomId, { ...group, createdAt: stage().clock.now() });
    await stage().maintain();
    expect(groups().get(roomId)).toMatchObject({ name: 'by the app' });
    expect(await stage().outbox()).toEqual([]);
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
    expect(groups().get(roomId)).toMatchObject({ name: 'by the app' });
  });

  test('the group of the broadcast itself is dissolved, however late', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().wait(3_600);
    await stage().maintain();
    expect(groups().has(roomId)).toBe(false);
  });

  test('the group of a broadcast that a clock behind the others has ended before it began is dissolved too', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', httpStatus: 502 });
    stage().wait(-46);
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().wait(46 + 30);
    await stage().maintain();
    expect(groups().has(roomId)).toBe(false);
    const [kept] = await look(
      stage().services.database.forRequest(),
      KEPT,
      sql`SELECT ${KEPT} FROM broadcasts b WHERE b.room_id = ${roomId}`,
    );
    expect(kept?.ended_at).toBe(kept?.started_at);
  });

  test('while IM does not say how old the group is, it is left for later', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().im.fail({ command: 'get_group_info', httpStatus: 502 });
    stage().wait(30);
    await stage().maintain();
    expect(groups().has(roomId)).toBe(true);
    stage().im.clear();
    stage().wait(60);
    await stage().maintain();
    expect(groups().has(roomId)).toBe(false);
  });

  test('an owner who goes live and ends it many times in a row always has the group of the last live', async () => {
    const anchor = await newPerson(stage());
    const roomId = anchor.userId;
    for (let round = 0; round < 6; round += 1) {
      if (round % 2 === 1) stage().im.fail({ command: 'destroy_group', httpStatus: 502, times: 3 });
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor' });
      if (round < 5) await anchor.must('rooms/destroy_room', { roomId });
      stage().wait(20);
    }
    stage().im.clear();
    for (let run = 0; run < 3; run += 1) {
      stage().wait(60);
      await stage().maintain();
    }
    expect(groups().has(roomId)).toBe(true);
    expect((await stage().outbox()).filter(({ kind: work }) => work === 'dismiss_room')).toEqual([]);
  });
});
