/** Attack 14: live on one device, signing out on another. */
import { newPerson, type Person, signInAgain } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  let watcher: Person;
  let phone: Person;
  let tablet: Person;
  let roomId: string;
  beforeEach(async () => {
    watcher = await newPerson(stage());
    phone = await newPerson(stage());
    tablet = await signInAgain(stage(), phone);
    roomId = phone.userId;
    await phone.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
  });
  const isListed = async () => (await stage().listed(watcher)).includes(roomId);

  test('the live continues, also for an app that never sends a heartbeat', async () => {
    await tablet.must('auth_users/user_logout');
    expect(await isListed()).toBe(true);
    stage().wait(700);
    await stage().maintain();
    expect(await isListed()).toBe(true);
  });

  test('also if the other device watches a user', async () => {
    const other = await newPerson(stage());
    await other.must('rooms/enter_room', { roomId: other.userId, role: 'anchor' });
    await tablet.must('rooms/enter_room', { roomId: other.userId, role: 'audience' });
    await tablet.must('auth_users/user_logout');
    expect(await isListed()).toBe(true);
  });

  test('signing out on the device that is live hides it', async () => {
    await phone.must('auth_users/user_logout');
    expect(await isListed()).toBe(false);
  });

  test('a live that was taken over by the other device is hidden by that one', async () => {
    await tablet.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
    await phone.must('auth_users/user_logout');
    expect(await isListed()).toBe(true);
    await tablet.must('auth_users/user_logout');
    expect(await isListed()).toBe(false);
  });
});
