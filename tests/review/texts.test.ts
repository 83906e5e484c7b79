/** Titles, descriptions and names by the words: refused with a reason, stored masked, and seen by operators. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson, type Room, signInAgain } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  const admin = () => operatorOf(stage());

  beforeAll(async () => {
    await admin().must('change_review_settings', { enabled: true });
    for (const action of ['refuse', 'silent', 'hold', 'mask'])
      await admin().must('add_words', { words: [`${action}word`], action });
  });

  test.each(['refuseword', 'silentword', 'holdword'])(
    '%s is refused in every text, and nothing is stored',
    async (word) => {
      const person = await newPerson(stage());
      const enter = { roomId: person.userId, role: 'anchor', category: 'mlvb-show-live' };
      const refused = {
        errorCode: 98,
        errorMessage: 'SystemVerifyError(98): the title has words that are not allowed',
      };
      expect(await person.call('rooms/enter_room', { ...enter, title: `a ${word}` })).toMatchObject(refused);
      const roomId = await goLive(person, { title: 'fine' });
      for (const field of ['title', 'subject', 'description']) {
        expect(await person.call('rooms/update_room', { roomId, [field]: word })).toMatchObject({ errorCode: 98 });
      }
      expect(await person.must<Room>('rooms/room_detail', { roomId })).toMatchObject({ title: 'fine', subject: '' });
      expect(await person.call('auth_users/user_update', { name: word })).toMatchObject({ errorCode: 98 });
    },
  );

  test('a masked word is stored masked', async () => {
    const person = await newPerson(stage());
    const roomId = await goLive(person, { title: 'a maskword' });
    await person.must('rooms/update_room', { roomId, description: 'm a s k w o r d\nhere' });
    expect(await person.must<Room>('rooms/room_detail', { roomId })).toMatchObject({
      title: 'a ********',
      description: `${'*'.repeat(15)}\nhere`,
    });
    await person.must('auth_users/user_update', { name: 'maskword' });
    expect(await person.must('auth_users/user_query')).toMatchObject({ name: '********' });
  });

  test('a nickname that is refused is not taken, and the sign-in continues', async () => {
    const person = await newPerson(stage(), { extra: { nickname: 'Bob' } });
    expect((await signInAgain(stage(), person, { nickname: 'refuseword' })).signIn.name).toBe('Bob');
    expect((await signInAgain(stage(), person, { nickname: 'maskword' })).signIn.name).toBe('********');
  });

  test('operators see who tried what', async () => {
    const person = await newPerson(stage());
    await person.call('auth_users/user_update', { name: 'refuseword' });
    await stage().services.review.chatLog.flush();
    const { items } = await admin().must<{ items: object[] }>('messages', { userId: person.userId });
    expect(items).toMatchObject([{ text: 'refuseword', outcome: 'refused', platform: 'name', code: 98 }]);
  });
});
