/** IM answers 200 calls a second for all users of an application: one account must not use them up. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPeople, newPerson, type Person, signInAgain } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, TRTC_ENDPOINT: 'off' } });
  const calls = (command: string, user: string) =>
    stage().im.calls.filter(
      ({ command: called, body }) => called === command && JSON.stringify(body).includes(`"${user}"`),
    );

  beforeEach(() => stage().wait(120));
  afterEach(() => stage().im.clear());

  test('100 sign-ins with another nickname each: IM gets the first immediately and the last within a minute', async () => {
    const person = await newPerson(stage());
    for (let n = 0; n < 100; n += 1) {
      await signInAgain(stage(), person, { nickname: `name ${n}` });
      stage().wait(0.1);
    }
    const imports = () => calls('account_import', person.userId);
    expect(imports()).toHaveLength(1);
    expect(await stage().outbox()).toHaveLength(1);
    stage().wait(60);
    await stage().maintain();
    expect(imports()).toHaveLength(2);
    expect(stage().im.accounts(APP_ID).get(person.userId)?.nick).toBe('name 99');
    expect(await stage().outbox()).toEqual([]);
  });

  test('many at the same moment cause one call', async () => {
    const person = await newPerson(stage());
    await Promise.all(Array.from({ length: 20 }, (_, n) => signInAgain(stage(), person, { nickname: `other ${n}` })));
    expect(calls('account_import', person.userId).length).toBeLessThanOrEqual(1);
    stage().wait(61);
    await stage().maintain();
    expect(calls('account_import', person.userId).length).toBeLessThanOrEqual(2);
    const me = await (await signInAgain(stage(), person)).must<{ name: string }>('auth_users/user_query');
    expect(stage().im.accounts(APP_ID).get(person.userId)?.nick).toBe(me.name);
  });

  test('a name that comes back is not said again', async () => {
    const person = await newPerson(stage());
    await signInAgain(stage(), person, { nickname: 'one' });
    await signInAgain(stage(), person, { nickname: 'two' });
    await signInAgain(stage(), person, { nickname: 'one' });
    stage().wait(61);
    await stage().maintain();
    expect(calls('account_import', person.userId)).toHaveLength(1);
    expect(await stage().outbox()).toEqual([]);
  });

  test('while IM does not answer, one account causes no more work', async () => {
    const person = await newPerson(stage());
    stage().im.fail({ command: 'account_import', httpStatus: 502 });
    for (let n = 0; n < 10; n += 1) {
      await signInAgain(stage(), person, { nickname: `lost ${n}` });
      stage().wait(1);
    }
    expect((await stage().outbox()).length).toBeLessThanOrEqual(2);
    stage().im.clear();
    stage().wait(120);
    await stage().maintain();
    expect(stage().im.accounts(APP_ID).get(person.userId)?.nick).toBe('lost 9');
  });

  test('100 entries of a muted viewer: IM gets the mute once, and its end immediately', async () => {
    const [host, viewer] = (await newPeople(stage(), 2)) as [Person, Person];
    const roomId = await goLive(host);
    const operator = operatorOf(stage());
    const { sanctionId } = await operator.must<{ sanctionId: string }>('mute_user', {
      userId: viewer.userId,
      reason: 'x',
      seconds: 0,
    });
    for (let n = 0; n < 100; n += 1) {
      await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
      if (n % 10 === 0) await viewer.must('rooms/leave_room', { roomId });
      stage().wait(1);
    }
    expect(calls('forbid_send_msg', viewer.userId)).toHaveLength(1);
    expect(stage().im.muted(APP_ID).has(`${roomId} ${viewer.userId}`)).toBe(true);
    expect((await stage().outbox()).filter(({ kind: work }) => work === 'im_mute')).toEqual([]);
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    await operator.must('lift_sanction', { sanctionId, reason: 'x' });
    expect(stage().im.muted(APP_ID).has(`${roomId} ${viewer.userId}`)).toBe(false);
  });
});
