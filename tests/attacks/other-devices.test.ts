/** Attack 14: live on one device, signing out on another. */
import { newPeople, newPerson, type Person, signInAgain } from '../../testkit/people';
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

  test('sign-outs of many users at the same moment each end their own session, and hide the user who is live in it', async () => {
    const hosts = await newPeople(stage(), 4);
    for (const host of hosts) await host.must('rooms/enter_room', { roomId: host.userId, role: 'anchor' });
    const second = await Promise.all(hosts.map((host) => signInAgain(stage(), host)));
    const [stays, gone, ended] = [hosts[0], hosts[1], second[2]];
    if (!stays || !gone || !ended || !second[0]) throw new Error('the sign-ups failed');
    await ended.must('auth_users/user_logout');
    const all = [second[0], gone, ended, ended, gone, tablet];
    await Promise.all(all.map((person) => person.must('auth_users/user_logout')));
    const listed = await stage().listed(watcher);
    expect([stays, gone, ...hosts.slice(2), phone].map(({ userId }) => listed.includes(userId))).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
    const codes = async (people: readonly Person[]) =>
      Promise.all(people.map(async (one) => (await one.call('auth_users/user_keepalive')).errorCode));
    expect(await codes(hosts)).toEqual([0, 204, 0, 0]);
    expect(await codes(second)).toEqual([204, 0, 204, 0]);
  });
});
