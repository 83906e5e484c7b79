/** Work for IM and TRTC that follows a commit: done immediately, or later, or given up with an error, and never done to a new broadcast. */

import { startTimer } from '../../src/rules/jobs/timer';
import { gate, sleep } from '../../testkit/gate';
import { lived, until } from '../../testkit/lived';
import { newPerson, signInAgain } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { newLive, type Stage, startStage, useStage } from '../../testkit/stage';

function events(stage: Stage, event: string): Record<string, unknown>[] {
  return stage.lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);
}

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ROOMS_PER_OWNER: '4' } });
  const groupExists = (roomId: string) => stage().im.groups(APP_ID).has(roomId);
  const commands = (command: string) => stage().im.calls.filter((call) => call.command === command).length;
  const reopen = { role: 'anchor', category: 'mlvb-show-live' };
  afterEach(async () => {
    stage().im.clear();
    stage().trtc.clear();
    stage().wait(86_400 * 2);
    await stage().maintain();
    await stage().maintain();
    expect(await stage().outbox()).toEqual([]);
    stage().lines.length = 0;
  });

  test('a room ends for the caller although IM is down, and its group is gone when IM is back', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ httpStatus: 502 });
    expect((await lived(anchor.must('rooms/destroy_room', { roomId }))).ms).toBeLessThan(2_600);
    expect(groupExists(roomId)).toBe(true);
    const reasons = new Set(events(stage(), 'outbox_failed').map(({ reason }) => reason));
    expect([...reasons]).toEqual(['unreachable']);
    expect((await anchor.call('rooms/room_detail', { roomId })).errorCode).toBe(2004);
    stage().im.clear();
    // 5 s, a quarter more or less.
    stage().wait(3);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(true);
    stage().wait(4);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(false);
    expect(await stage().outbox()).toEqual([]);
  });

  test('a running server looks for such work every few seconds', async () => {
    const stop = startTimer(stage().services);
    await until('its first run', () => events(stage(), 'maintenance').length > 0);
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().wait(7);
    await until('the group is gone', () => !groupExists(roomId));
    stop();
  });

  test('a call that hangs delays the answer by two seconds at most, and the next broadcast until it is harmless', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', hang: true });
    expect((await lived(anchor.must('rooms/destroy_room', { roomId }))).ms).toBeLessThan(2_600);
    expect(await stage().outbox()).toContainEqual(expect.objectContaining({ kind: 'dismiss_room', target: roomId }));
    // IM may still run it, and dissolve a group that is created now.
    const before = commands('create_group');
    const opening = anchor.must('rooms/enter_room', { roomId, ...reopen });
    await sleep(400);
    expect(commands('create_group')).toBe(before);
    stage().wait(5);
    await opening;
    expect(commands('create_group')).toBe(before + 1);
  });

  test('what fails is tried less and less often, and given up loudly after a day', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', errorCode: 60006 });
    await anchor.must('rooms/destroy_room', { roomId });
    const perHour: number[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      const before = events(stage(), 'outbox_failed').length;
      for (let minute = 0; minute < 60; minute += 5) {
        stage().wait(300);
        await stage().maintain();
      }
      perHour.push(events(stage(), 'outbox_failed').length - before);
    }
    expect(perHour[0]).toBeGreaterThan(4);
    expect(perHour[3]).toBeLessThanOrEqual(2);
    expect(events(stage(), 'outbox_gave_up')).toEqual([]);
    stage().wait(21 * 3600);
    await stage().maintain();
    const line = { kind: 'im_destroy_group', target: roomId, reason: 'misconfigured 60006' };
    expect(events(stage(), 'outbox_gave_up')).toEqual([expect.objectContaining(line)]);
    expect(await stage().outbox()).toEqual([]);
  });

  test('a permanent refusal is given up immediately', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', errorCode: 10007 });
    await anchor.must('rooms/destroy_room', { roomId });
    expect(events(stage(), 'outbox_gave_up')).toEqual([expect.objectContaining({ reason: 'refused 10007' })]);
  });

  test('a group that is gone already is a group that is gone', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.groups(APP_ID).delete(roomId);
    await anchor.must('rooms/destroy_room', { roomId });
    expect((await stage().outbox()).filter((item) => item.kind !== 'delete_members')).toEqual([]);
    expect(events(stage(), 'outbox_failed')).toEqual([]);
  });

  test('a late dismissal does not touch a room that is open again', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().wait(30);
    await anchor.must('rooms/enter_room', { roomId, ...reopen });
    stage()
      .trtc.rooms(APP_ID)
      .set(Number(roomId), new Set([anchor.userId]));
    const before = commands('destroy_group');
    await stage().maintain();
    expect(commands('destroy_group')).toBe(before);
    expect(groupExists(roomId)).toBe(true);
    expect(stage().trtc.rooms(APP_ID).has(Number(roomId))).toBe(true);
    expect(await stage().outbox()).toEqual([]);
  });

  test('a room is not opened while a dismissal of its former live is on its way', async () => {
    const { anchor, roomId } = await newLive(stage());
    const { services } = stage();
    const im = services.vendors.im;
    if (!im) throw new Error('IM is off');
    const gated = gate();
    // The worker has read the room (it is closed) and stops just before its call.
    services.vendors.im = { ...im, destroyGroup: async (...call) => gated.pass().then(() => im.destroyGroup(...call)) };
    const ending = anchor.must('rooms/destroy_room', { roomId });
    await gated.reached;
    const opening = anchor.must('rooms/enter_room', { roomId, ...reopen });
    await sleep(400);
    const created = commands('create_group');
    expect(await stage().listed(anchor)).not.toContain(roomId);
    gated.open();
    await Promise.all([ending, opening]);
    services.vendors.im = im;
    expect(commands('create_group')).toBe(created + 1);
    expect(stage().im.calls.at(-1)?.command).toBe('create_group');
    stage().wait(60);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(true);
    expect((await anchor.call('rooms/room_detail', { roomId })).errorCode).toBe(0);
  });

  test('two phones of one owner that go live concurrently both succeed, also with a slow IM', async () => {
    const anchor = await newPerson(stage());
    stage().im.fail({ command: 'create_group', delayMs: 150 });
    const enter = () => anchor.call('rooms/enter_room', { roomId: anchor.userId, ...reopen });
    const first = enter();
    await sleep(75);
    expect((await Promise.all([first, enter()])).map(({ errorCode }) => errorCode)).toEqual([0, 0]);
    expect(commands('create_group')).toBeGreaterThan(0);
    expect(groupExists(anchor.userId)).toBe(true);
  });

  test('an opening whose lease was taken over and given up by another one begins again', async () => {
    const { anchor, roomId } = await newLive(stage());
    await anchor.must('rooms/destroy_room', { roomId });
    const { services } = stage();
    const im = services.vendors.im;
    if (!im) throw new Error('IM is off');
    const gated = gate();
    services.vendors.im = { ...im, createGroup: async (...call) => im.createGroup(...call).then(() => gated.pass()) };
    const first = anchor.must('rooms/enter_room', { roomId, ...reopen });
    await gated.reached;
    services.vendors.im = im;
    // The first phone's process is stopped for longer than its lease. The second one fails, and what both may have made
    // is dissolved.
    stage().wait(10);
    stage().im.fail({ command: 'create_group', httpStatus: 502 });
    expect((await anchor.call('rooms/enter_room', { roomId, ...reopen })).errorCode).toBe(100);
    stage().im.clear();
    stage().wait(61);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(false);
    gated.open();
    await first;
    expect(groupExists(roomId)).toBe(true);
    expect((await anchor.call('rooms/room_detail', { roomId })).errorCode).toBe(0);
  });

  test('a dismissal is not begun while the room is being opened', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ command: 'destroy_group', httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    stage().wait(30);
    const { services } = stage();
    const im = services.vendors.im;
    if (!im) throw new Error('IM is off');
    const gated = gate();
    // The group is there, the room is not open yet.
    services.vendors.im = { ...im, createGroup: async (...call) => im.createGroup(...call).then(() => gated.pass()) };
    const opening = anchor.must('rooms/enter_room', { roomId, ...reopen });
    await gated.reached;
    const before = commands('destroy_group');
    await stage().maintain();
    expect(commands('destroy_group')).toBe(before);
    gated.open();
    await opening;
    services.vendors.im = im;
    stage().wait(30);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(true);
    expect(await stage().outbox()).toEqual([]);
  });

  test('an opening that fails gives the former dismissal its turn again', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage().im.fail({ httpStatus: 502 });
    await anchor.must('rooms/destroy_room', { roomId });
    stage().wait(30);
    expect((await anchor.call('rooms/enter_room', { roomId, ...reopen })).errorCode).toBe(100);
    stage().im.clear();
    stage().wait(30);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(false);
  });

  test('a group that IM has made although its answer was lost is dissolved, unless the owner tries again', async () => {
    const [first, second] = await Promise.all([newPerson(stage()), newPerson(stage())]);
    const enter = (person: typeof first) => person.call('rooms/enter_room', { roomId: person.userId, ...reopen });
    stage().im.fail({ command: 'create_group', httpStatus: 502, applied: true });
    expect((await enter(first)).errorCode).toBe(100);
    expect((await enter(second)).errorCode).toBe(100);
    expect([first, second].map(({ userId }) => groupExists(userId))).toEqual([true, true]);
    stage().im.clear();
    expect((await enter(second)).errorCode).toBe(0);
    stage().wait(61);
    await stage().maintain();
    expect([first, second].map(({ userId }) => groupExists(userId))).toEqual([false, true]);
  });

  test('TRTC rooms are dismissed by number or by name, and a missing one counts as dismissed', async () => {
    const anchor = await newPerson(stage());
    const rooms = stage().trtc.rooms(APP_ID);
    const before = stage().trtc.calls.length;
    for (const roomId of [anchor.userId, 'my-room', '4294967295', 'gone']) {
      await anchor.must('rooms/enter_room', { roomId: `${roomId}`, role: 'anchor' });
    }
    rooms.set(Number(anchor.userId), new Set()).set('my-room', new Set()).set('4294967295', new Set());
    for (const roomId of [anchor.userId, 'my-room', '4294967295', 'gone']) {
      await anchor.must('rooms/destroy_room', { roomId });
    }
    const calls = stage().trtc.calls.slice(before);
    expect(calls.map(({ command, body }) => [command, body['RoomId']])).toEqual([
      ['DismissRoom', Number(anchor.userId)],
      ['DismissRoomByStrRoomId', 'my-room'],
      ['DismissRoomByStrRoomId', '4294967295'],
      ['DismissRoomByStrRoomId', 'gone'],
    ]);
    expect([...rooms.keys()].filter((id) => id === 'my-room' || id === '4294967295')).toEqual([]);
    expect(events(stage(), 'outbox_failed')).toEqual([]);
  });

  test('a TRTC dismissal is repeated while TRTC is busy, and given up if the key has no permission', async () => {
    const busy = await newLive(stage());
    stage().trtc.rooms(APP_ID).set(Number(busy.roomId), new Set());
    stage().trtc.fail({ errorCode: 'RequestLimitExceeded' });
    await busy.anchor.must('rooms/destroy_room', { roomId: busy.roomId });
    expect(events(stage(), 'outbox_failed')).toEqual([expect.objectContaining({ reason: 'RequestLimitExceeded' })]);
    stage().trtc.clear();
    stage().wait(8);
    await stage().maintain();
    expect(stage().trtc.rooms(APP_ID).has(Number(busy.roomId))).toBe(false);
    const refused = await newLive(stage());
    stage().trtc.fail({ errorCode: 'UnauthorizedOperation.SdkAppId' });
    await refused.anchor.must('rooms/destroy_room', { roomId: refused.roomId });
    expect(events(stage(), 'outbox_gave_up')).toEqual([expect.objectContaining({ kind: 'trtc_dismiss' })]);
  });

  test('a name that IM missed is sent later, with its value of then', async () => {
    const person = await newPerson(stage());
    stage().im.fail({ command: 'account_import', httpStatus: 502 });
    await signInAgain(stage(), person, { nickname: 'first' });
    await signInAgain(stage(), person, { nickname: 'second' });
    stage().im.clear();
    // One account causes one call a minute at most.
    stage().wait(61);
    await stage().maintain();
    expect(stage().im.accounts(APP_ID).get(person.userId)?.nick).toBe('second');
  });
});

test('the key of the function role is read for every call, and without a key it is said once', async () => {
  const env: Record<string, string> = { TRTC_SECRET_ID: '', TRTC_SECRET_KEY: '' };
  const stage = await startStage('sqlite', { env });
  try {
    for (let round = 0; round < 3; round += 1) {
      const { anchor, roomId } = await newLive(stage);
      await anchor.must('rooms/destroy_room', { roomId });
    }
    expect(events(stage, 'trtc_dismiss_skipped')).toHaveLength(1);
    expect(stage.trtc.calls).toEqual([]);
    expect((await stage.outbox()).filter((item) => item.kind === 'dismiss_room')).toEqual([]);
  } finally {
    await stage.close();
  }
});

test('if only the scheduled function has the keys of the role, it dismisses the rooms that other processes ended', async () => {
  const noKey: Record<string, string> = { TRTC_SECRET_ID: '', TRTC_SECRET_KEY: '', TRTC_ROLE: 'true' };
  const web = await startStage('sqlite', { env: noKey });
  try {
    const { anchor, roomId } = await newLive(web);
    await anchor.must('rooms/destroy_room', { roomId });
    await web.maintain();
    const left = (await web.outbox()).filter((item) => item.kind === 'dismiss_room');
    // Its IM group is dissolved immediately; the work that needs the role is left.
    expect(left).toEqual([expect.objectContaining({ target: roomId, attempts: 1 })]);
    expect(events(web, 'outbox_failed')).toEqual([]);
    const scheduled = await startStage('sqlite', { env: { TRTC_ROLE: 'true' }, sameDatabaseAs: web });
    scheduled.trtc.rooms(APP_ID).set(Number(roomId), new Set());
    const dismissed = await scheduled.maintain().then(() => !scheduled.trtc.rooms(APP_ID).has(Number(roomId)));
    await scheduled.close();
    expect(dismissed).toBe(true);
    expect((await web.outbox()).filter((item) => item.kind === 'dismiss_room')).toEqual([]);
  } finally {
    await web.close();
  }
});
