/** What keepalives, other calls and callbacks mean for lists: rules of presence, one by one, without any scheduled work. */
import { newPerson, type Person, signInAgain } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { heartbeat, newLive, useStage } from '../../testkit/stage';
import {
  groupDestroyed,
  imCallback,
  memberStateChange,
  roomEvent,
  stateChange,
  trtcCallback,
} from '../../testkit/vendor';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  let watcher: Person;
  beforeAll(async () => {
    watcher = await newPerson(stage());
  });
  const isListed = async (roomId: string) => {
    // Lists are shared within a second.
    stage().wait(1);
    return (await stage().listed(watcher)).includes(roomId);
  };
  const im = async (body: object) => expect((await imCallback(stage(), body)).status).toBe(200);
  const trtc = async (body: object) => expect((await trtcCallback(stage(), body)).status).toBe(200);
  const now = () => stage().clock.now();

  describe('keepalive', () => {
    test('an owner whose app never sends a heartbeat stays listed until ROOM_IDLE_SECONDS', async () => {
      const { roomId } = await newLive(stage());
      stage().wait(43_190);
      expect(await isListed(roomId)).toBe(true);
      stage().wait(20);
      expect(await isListed(roomId)).toBe(false);
    });

    test('an owner who has beaten and falls silent is out after OWNER_TIMEOUT_SECONDS, and back with the next heartbeat', async () => {
      const { anchor, roomId } = await newLive(stage());
      await heartbeat(anchor);
      stage().wait(88);
      expect(await isListed(roomId)).toBe(true);
      stage().wait(2);
      expect(await isListed(roomId)).toBe(false);
      expect((await stage().detail(watcher, roomId)).status).toBe(0);
      await heartbeat(anchor);
      expect(await isListed(roomId)).toBe(true);
      expect((await stage().detail(watcher, roomId)).status).toBe(1);
    });

    test('a live phone with a heartbeat every ten seconds is never hidden', async () => {
      const { anchor, roomId } = await newLive(stage());
      for (let round = 0; round < 30; round += 1) {
        await heartbeat(anchor);
        stage().wait(9);
        expect(await isListed(roomId)).toBe(true);
      }
    });

    test('a viewer who falls silent is not counted anymore, and is again after a heartbeat', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      await heartbeat(anchor);
      await heartbeat(viewer);
      stage().wait(60);
      await heartbeat(anchor);
      expect((await stage().detail(watcher, roomId)).nnUsers).toBe(2);
      stage().wait(31);
      expect((await stage().detail(watcher, roomId)).nnUsers).toBe(1);
      expect(await stage().members(watcher, roomId)).toEqual([anchor.userId]);
      await heartbeat(viewer);
      expect((await stage().detail(watcher, roomId)).nnUsers).toBe(2);
    });

    test('members are listed in the order in which they came, not in that of their accounts', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      const later = await newPerson(stage());
      await viewer.must('rooms/leave_room', { roomId });
      for (const person of [later, viewer]) {
        stage().wait(1);
        await person.must('rooms/enter_room', { roomId, role: 'audience' });
      }
      const list = await anchor.must<{ userId: string }[]>('rooms/list_users', { roomId });
      expect(list.map(({ userId }) => userId)).toEqual([anchor.userId, later.userId, viewer.userId]);
    });

    test('any call of the owner about the room is an activity', async () => {
      const { anchor, roomId } = await newLive(stage());
      await heartbeat(anchor);
      stage().wait(80);
      await anchor.must('rooms/update_room', { roomId, title: 'still here' });
      stage().wait(80);
      expect(await isListed(roomId)).toBe(true);
      await anchor.must('rooms/room_detail', { roomId });
      stage().wait(80);
      expect(await isListed(roomId)).toBe(true);
    });
  });

  describe('IM State.StateChange', () => {
    test('a disconnect hides the room after the grace, and a login brings it back', async () => {
      const { anchor, roomId } = await newLive(stage());
      await im(stateChange(anchor.userId, 'Disconnect', now()));
      stage().wait(28);
      expect(await isListed(roomId)).toBe(true);
      stage().wait(2);
      expect(await isListed(roomId)).toBe(false);
      await im(stateChange(anchor.userId, 'Login', now()));
      expect(await isListed(roomId)).toBe(true);
      stage().wait(3600);
      expect(await isListed(roomId)).toBe(true);
    });

    test('a state that IM may add later says nothing about the user', async () => {
      const { anchor, roomId } = await newLive(stage());
      await im(stateChange(anchor.userId, 'Login', now()));
      await im({ ...stateChange(anchor.userId, 'Login', now()), Info: { Action: 'Sleep', To_Account: anchor.userId } });
      stage().wait(60);
      expect(await isListed(roomId)).toBe(true);
    });

    test('a heartbeat after the disconnect keeps the room, and the disconnect sent again changes nothing', async () => {
      const { anchor, roomId } = await newLive(stage());
      await heartbeat(anchor);
      const gone = stateChange(anchor.userId, 'Disconnect', now());
      await im(gone);
      stage().wait(10);
      await heartbeat(anchor);
      await im(gone);
      stage().wait(60);
      await im(gone);
      expect(await isListed(roomId)).toBe(true);
    });

    test('news that come late or in the wrong order lose against newer ones', async () => {
      const { anchor, roomId } = await newLive(stage());
      stage().wait(5);
      await im(stateChange(anchor.userId, 'Login', now()));
      await im(stateChange(anchor.userId, 'Disconnect', now() - 2000));
      stage().wait(60);
      expect(await isListed(roomId)).toBe(true);
      const gone = now();
      await im(stateChange(anchor.userId, 'Disconnect', gone));
      await im(stateChange(anchor.userId, 'Login', gone - 10_000));
      stage().wait(31);
      expect(await isListed(roomId)).toBe(false);
    });

    test('an event from the future does not suppress later ones', async () => {
      const { anchor, roomId } = await newLive(stage());
      await im(stateChange(anchor.userId, 'Login', now() + 86_400_000));
      stage().wait(1);
      await im(stateChange(anchor.userId, 'Disconnect', now()));
      stage().wait(31);
      expect(await isListed(roomId)).toBe(false);
    });

    test('the event time may be a text', async () => {
      const { anchor, roomId } = await newLive(stage());
      await im({ ...stateChange(anchor.userId, 'Disconnect', now()), EventTime: String(now()) });
      stage().wait(31);
      expect(await isListed(roomId)).toBe(false);
    });
  });

  describe('signing out', () => {
    test('hides the user’s rooms immediately, and a late login event or a heartbeat with the old token does not bring them back', async () => {
      const { anchor, roomId } = await newLive(stage());
      await heartbeat(anchor);
      const before = now();
      stage().wait(1);
      await anchor.must('auth_users/user_logout');
      expect(await isListed(roomId)).toBe(false);
      await im(stateChange(anchor.userId, 'Login', before));
      await trtc(roomEvent({ type: 103, roomId, userId: anchor.userId, at: before }));
      expect((await anchor.call('auth_users/user_keepalive')).errorCode).toBe(204);
      expect(await isListed(roomId)).toBe(false);
    });

    test('a keepalive at the same moment never revives', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { anchor, roomId } = await newLive(stage());
        await heartbeat(anchor);
        stage().wait(20);
        const beats = Array.from({ length: 4 }, () => anchor.call('auth_users/user_keepalive'));
        await Promise.all([...beats, anchor.must('auth_users/user_logout')]);
        expect(await isListed(roomId)).toBe(false);
      }
    });

    test('the session that ended does not end what another session of the same user does later', async () => {
      const { anchor, roomId } = await newLive(stage());
      const again = await signInAgain(stage(), anchor);
      await heartbeat(again);
      await anchor.must('auth_users/user_logout');
      expect(await isListed(roomId)).toBe(false);
      await heartbeat(again);
      expect(await isListed(roomId)).toBe(true);
      await anchor.call('auth_users/user_logout');
      expect(await isListed(roomId)).toBe(true);
    });

    test('deleting the account ends its rooms permanently, their IM group too', async () => {
      const { anchor, roomId } = await newLive(stage());
      await anchor.must('auth_users/user_delete');
      expect(await isListed(roomId)).toBe(false);
      expect((await watcher.call('rooms/room_detail', { roomId })).errorCode).toBe(2004);
      expect(stage().im.groups(1_400_000_001).has(roomId)).toBe(false);
    });
  });

  describe('TRTC room events', () => {
    test("the owner's exit hides the room after the grace, entering brings it back", async () => {
      const { anchor, roomId } = await newLive(stage());
      await heartbeat(anchor);
      stage().wait(1);
      // RoomId comes as a number for rooms that have one.
      await trtc(roomEvent({ type: 104, roomId: Number(roomId), userId: anchor.userId, reason: 2, at: now() }));
      stage().wait(31);
      expect(await isListed(roomId)).toBe(false);
      await trtc(roomEvent({ type: 103, roomId: Number(roomId), userId: anchor.userId, reason: 2, at: now() }));
      expect(await isListed(roomId)).toBe(true);
    });

    test("a viewer's exit takes them out of that room only", async () => {
      const first = await newLive(stage());
      const second = await newLive(stage());
      await first.viewer.must('rooms/enter_room', { roomId: second.roomId, role: 'audience' });
      await trtc(roomEvent({ type: 104, roomId: first.roomId, userId: first.viewer.userId, reason: 5, at: now() }));
      stage().wait(31);
      expect(await stage().members(watcher, first.roomId)).toEqual([first.anchor.userId]);
      expect(await stage().members(watcher, second.roomId)).toContain(first.viewer.userId);
      await trtc(roomEvent({ type: 103, roomId: first.roomId, userId: first.viewer.userId, at: now() }));
      expect(await stage().members(watcher, first.roomId)).toContain(first.viewer.userId);
    });

    test('an exit from before the re-entry changes nothing', async () => {
      const { viewer, roomId } = await newLive(stage());
      const before = now();
      stage().wait(2);
      await viewer.must('rooms/leave_room', { roomId });
      await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
      await trtc(roomEvent({ type: 104, roomId, userId: viewer.userId, at: before }));
      stage().wait(31);
      expect(await stage().members(watcher, roomId)).toContain(viewer.userId);
    });

    test('a dissolved TRTC room means an absent owner and not an ended live: entering again brings it back', async () => {
      const { anchor, roomId } = await newLive(stage());
      stage().wait(100);
      await trtc(roomEvent({ type: 102, roomId: Number(roomId), at: now() }));
      stage().wait(31);
      expect(await isListed(roomId)).toBe(false);
      await trtc(roomEvent({ type: 103, roomId, userId: anchor.userId, at: now() }));
      expect(await isListed(roomId)).toBe(true);
    });

    test('the end of an earlier live does not touch the next one', async () => {
      const { anchor, roomId } = await newLive(stage());
      stage().wait(10);
      const ended = now();
      await anchor.must('rooms/destroy_room', { roomId });
      stage().wait(10);
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
      await trtc(roomEvent({ type: 104, roomId, userId: anchor.userId, at: ended, sentAt: now() }));
      await trtc(roomEvent({ type: 102, roomId: Number(roomId), at: ended, sentAt: now() }));
      await im(groupDestroyed(roomId, anchor.userId, ended));
      stage().wait(40);
      expect(await isListed(roomId)).toBe(true);
    });
  });

  describe('IM group events', () => {
    test('heartbeats of members that stop and come back move the count', async () => {
      const { viewer, roomId } = await newLive(stage());
      const event = { roomId, userIds: [viewer.userId, 'somebody-else'] };
      await im(memberStateChange({ ...event, cause: 'HeartbeatInterrupt', at: now() }));
      stage().wait(31);
      expect((await stage().detail(watcher, roomId)).nnUsers).toBe(1);
      await im(memberStateChange({ ...event, cause: 'HeartbeatRecover', at: now() }));
      expect((await stage().detail(watcher, roomId)).nnUsers).toBe(2);
    });

    test('a member who leaves on purpose is out immediately', async () => {
      const { viewer, roomId } = await newLive(stage());
      await im({
        CallbackCommand: 'Group.CallbackAfterMemberExit',
        GroupId: roomId,
        ExitType: 'Quit',
        ExitMemberList: [{ Member_Account: viewer.userId }],
        EventTime: now(),
      });
      expect((await stage().detail(watcher, roomId)).nnUsers).toBe(1);
    });

    test('a live whose group is gone ends', async () => {
      const { anchor, roomId } = await newLive(stage());
      stage().wait(60);
      stage().im.groups(1_400_000_001).delete(roomId);
      await im(groupDestroyed(roomId, anchor.userId, now()));
      expect(await isListed(roomId)).toBe(false);
      expect((await watcher.call('rooms/room_detail', { roomId })).errorCode).toBe(2004);
      expect((await anchor.call('rooms/destroy_room', { roomId })).errorCode).toBe(0);
    });
  });
});
