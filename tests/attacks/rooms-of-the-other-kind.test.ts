/** Attack 8: any user may make a TRTC room named by the text "5", enter it, and leave it empty. */
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { heartbeat, newLive, useStage } from '../../testkit/stage';
import { roomEvent, trtcCallback } from '../../testkit/vendor';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  let watcher: Person;
  beforeAll(async () => {
    watcher = await newPerson(stage());
  });
  const empty = (roomId: string | number) =>
    trtcCallback(stage(), roomEvent({ type: 102, roomId, at: stage().clock.now() }));

  test('the end of the text room "5" says nothing about the number room 5', async () => {
    const { roomId } = await newLive(stage());
    stage().wait(100);
    await empty(roomId);
    stage().wait(31);
    expect(await stage().listed(watcher)).toContain(roomId);
    await empty(Number(roomId));
    stage().wait(31);
    expect(await stage().listed(watcher)).not.toContain(roomId);
  });

  test('the end of a number room says nothing about a room with a name', async () => {
    const anchor = await newPerson(stage());
    const roomId = `name-${anchor.userId}`;
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor' });
    stage().wait(100);
    await empty(roomId);
    stage().wait(31);
    expect(await stage().listed(watcher)).not.toContain(roomId);
  });

  test('an empty room does not hide an owner with a heartbeat or recent activity', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().wait(20);
    // Went live 20 seconds ago and has not beaten yet.
    await empty(Number(roomId));
    stage().wait(35);
    expect(await stage().listed(watcher)).toContain(roomId);
    await heartbeat(anchor);
    stage().wait(45);
    await empty(Number(roomId));
    stage().wait(40);
    expect(await stage().listed(watcher)).toContain(roomId);
  });
});
