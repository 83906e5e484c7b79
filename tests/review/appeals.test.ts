/** Appeals: who may make them, that one is enough, and that the person learns the verdict. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, sign } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  const admin = () => operatorOf(stage());
  const banned = async () => {
    const person = await newPerson(stage());
    const ban = { userId: person.userId, reason: 'spam', seconds: 0 };
    const { sanctionId } = await admin().must<{ sanctionId: string }>('ban_user', ban);
    const signIn = () =>
      stage().call('oauth/signature', {
        username: person.username,
        signature: sign({ username: person.username, secret: person.salt }),
      });
    return { person, sanctionId, signIn };
  };
  const open = async (userId: string) =>
    (await admin().must<{ items: { appealId: string; text: string }[] }>('appeals', { userId })).items;

  test('a banned person appeals with the old token, several times concurrently is once, and learns that it was turned down', async () => {
    const { person, sanctionId, signIn } = await banned();
    const calls = [1, 2, 3].map((n) => person.call('reports/appeal', { sanctionId, text: `not me ${n}` }));
    expect((await Promise.all(calls)).map(({ errorCode }) => errorCode)).toEqual([0, 0, 0]);
    const appeals = await open(person.userId);
    expect(appeals).toHaveLength(1);
    const verdict = { appealId: appeals[0]?.appealId, verdict: 'upheld', reason: 'seen it' };
    await admin().must('resolve_appeal', verdict);
    expect(await admin().call('resolve_appeal', verdict)).toMatchObject({ status: 409 });
    expect((await signIn()).errorMessage).toBe(
      'SystemVerifyError(98): this account is banned permanently: spam (appeal turned down: seen it)',
    );
  });

  test('lifted lifts the sanction, with a row of the audit for each', async () => {
    const { person, sanctionId, signIn } = await banned();
    await person.must('reports/appeal', { sanctionId, text: 'not me' });
    const [appeal] = await open(person.userId);
    await admin().must('resolve_appeal', { appealId: appeal?.appealId, verdict: 'lifted', reason: 'a mistake' });
    expect(await signIn()).toMatchObject({ errorCode: 0 });
    const { items } = await admin().must<{ items: { action: string }[] }>('audit', { userId: person.userId });
    expect(items.map(({ action }) => action)).toEqual(['resolve_appeal', 'lift_sanction', 'ban_user']);
  });

  test("no user appeals against another person's sanction, or without a good token", async () => {
    const { sanctionId } = await banned();
    const stranger = await newPerson(stage());
    const appeal = { sanctionId, text: 'x' };
    expect(await stranger.call('reports/appeal', appeal)).toMatchObject({ errorCode: 98 });
    expect(await stranger.call('reports/appeal', { ...appeal, token: 'x' })).toMatchObject({ errorCode: 204 });
  });
});
