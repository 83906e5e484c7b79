/** Groups of IM that are not the host's, or of which the service does not know whether IM has made them. */
import { sql } from '../../src/data/engine/sql';
import { ROOM_STATUS } from '../../src/data/rooms/room-states';
import { newPeople, type Person } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { columnsSet, meddle } from '../../testkit/statements';

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { TRTC_ENDPOINT: 'off' } });
  const groups = () => stage().im.groups(APP_ID);
  const people = async () => (await newPeople(stage(), 2)) as [Person, Person];
  const live = (person: Person, roomId: string) =>
    person.call('rooms/enter_room', { roomId, role: 'anchor', title: 'x' });

  afterEach(() => stage().im.clear());

  /** IM makes the group, its answer is lost, and the repeats get "busy". */
  async function tryInVain(host: Person, roomId: string) {
    stage().im.fail({ command: 'create_group', reset: true, applied: true, times: 1 });
    stage().im.fail({ command: 'create_group', errorCode: 10_002 });
    expect(await live(host, roomId)).toMatchObject({ errorCode: 104 });
  }

  /** Another user tries the id while IM is down. */
  async function tryWhileDown(host: Person, roomId: string) {
    stage().im.clear();
    stage().im.fail({ command: 'create_group', httpStatus: 502 });
    expect(await live(host, roomId)).toMatchObject({ errorCode: 100 });
    stage().im.clear();
  }

  test('IM makes a group, its answer is lost, the repeats get "busy": the group is dissolved in the end', async () => {
    const [host] = await people();
    await tryInVain(host, host.userId);
    expect(groups().has(host.userId)).toBe(true);
    stage().im.clear();
    stage().wait(61);
    await stage().maintain();
    expect(groups().has(host.userId)).toBe(false);
    expect(await stage().outbox()).toEqual([]);
    expect(await live(host, host.userId)).toMatchObject({ errorCode: 0 });
  });

  test('a group that IM was never asked for without an answer is not dissolved', async () => {
    const [host] = await people();
    stage().im.fail({ command: 'create_group', errorCode: 10_002 });
    expect(await live(host, host.userId)).toMatchObject({ errorCode: 104 });
    expect(await stage().outbox()).toEqual([]);
  });

  function groupOf(owner: string, groupId: string, type = 'AVChatRoom') {
    groups().set(groupId, { groupId, owner, type, name: 'made in advance', createdAt: stage().clock.now() });
  }

  test('a group under the id of the host that another user made in advance is made again', async () => {
    const [host, thief] = await people();
    groupOf(thief.userId, host.userId);
    expect(await live(host, host.userId)).toMatchObject({ errorCode: 0 });
    expect(groups().get(host.userId)).toMatchObject({ owner: host.userId, type: 'AVChatRoom' });
  });

  test('under any other id the host is refused, and the group stays whose it is', async () => {
    const [host, other] = await people();
    const roomId = `club-${host.userId}`;
    groupOf(other.userId, roomId);
    expect(await live(host, roomId)).toMatchObject({ errorCode: 98 });
    expect(groups().get(roomId)).toMatchObject({ owner: other.userId });
    stage().wait(61);
    await stage().maintain();
    expect(groups().get(roomId)).toMatchObject({ owner: other.userId });
    // The id is free again: the group's owner opens it.
    expect(await live(other, roomId)).toMatchObject({ errorCode: 0 });
  });

  /** Each attempt left work, and one waits for the other. */
  async function workOff() {
    for (let run = 0; run < 3; run += 1) {
      stage().wait(10);
      await stage().maintain();
    }
  }

  test('a group in doubt under a free id is dissolved though another user has tried the id since', async () => {
    const [first, second] = await people();
    const roomId = `free-${first.userId}`;
    await tryInVain(first, roomId);
    await tryWhileDown(second, roomId);
    expect(groups().get(roomId)).toMatchObject({ owner: first.userId });
    stage().wait(61);
    // IM does not dissolve it at the first try.
    stage().im.fail({ command: 'destroy_group', httpStatus: 502 });
    await stage().maintain();
    stage().im.clear();
    await workOff();
    expect(groups().has(roomId)).toBe(false);
    expect(await stage().outbox()).toEqual([]);
    expect(await live(second, roomId)).toMatchObject({ errorCode: 0 });
  });

  test('it is also dissolved if 1.1.0 queued it, without the owner of the group', async () => {
    const [first, second] = await people();
    const roomId = `older-${first.userId}`;
    await tryInVain(first, roomId);
    await meddle(stage().services.database.forRequest(), "UPDATE outbox SET payload = 'im'");
    await tryWhileDown(second, roomId);
    stage().wait(61);
    await workOff();
    expect(groups().has(roomId)).toBe(false);
    expect(await stage().outbox()).toEqual([]);
    expect(await live(second, roomId)).toMatchObject({ errorCode: 0 });
  });

  test('so is the group of a process that died while it opened a free id, once another user has taken over', async () => {
    const [first, second] = await people();
    const roomId = `dead-${first.userId}`;
    await tryInVain(first, roomId);
    // The effect is as if the process had died instead of reverting its claim.
    const db = stage().services.database.forRequest();
    await meddle(db, 'DELETE FROM outbox');
    const lease = { status: ROOM_STATUS.opening, lease_until: stage().clock.now() + 9_000, lease_holder: 'the dead' };
    await meddle(db, sql`UPDATE rooms SET ${columnsSet(lease)} WHERE room_id = ${roomId}`);
    stage().im.clear();
    stage().wait(10);
    stage().im.fail({ command: 'create_group', httpStatus: 502 });
    expect(await live(second, roomId)).toMatchObject({ errorCode: 100 });
    stage().im.clear();
    stage().wait(61);
    await workOff();
    expect(groups().has(roomId)).toBe(false);
    expect(await stage().outbox()).toEqual([]);
  });

  test('a group that the host made, or an administrator, is taken as it is', async () => {
    const [host, other] = await people();
    groupOf(host.userId, host.userId);
    expect(await live(host, host.userId)).toMatchObject({ errorCode: 0 });
    groupOf('', other.userId);
    expect(await live(other, other.userId)).toMatchObject({ errorCode: 0 });
    expect(groups().get(other.userId)).toMatchObject({ owner: '' });
  });
});
