/** Attack 20: texts that look like something else, and addresses that are programs. */
import md5 from 'md5';
import { goLive, newPerson } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';

const RLO = '\u202e';

onBothDatabases((kind) => {
  const service = useService(kind);

  test.each([
    ['a right-to-left override', `gpj.${RLO}exe`],
    ['an isolate', '\u2066x\u2069'],
    ['a line separator', 'one\u2028two'],
    ['a paragraph separator', 'one\u2029two'],
    ['an escape', 'one\u001b[31mtwo'],
  ])('refuses %s in a title, a name and a category', async (_name, text) => {
    const person = await newPerson(service());
    await goLive(person);
    expect(await person.call('rooms/update_room', { roomId: person.userId, title: text })).toMatchObject({
      errorCode: 2000,
    });
    expect(await person.call('rooms/update_room', { roomId: person.userId, category: text })).toMatchObject({
      errorCode: 2000,
    });
    expect(await person.call('auth_users/user_update', { name: text })).toMatchObject({ errorCode: 98 });
  });

  test.each(['👨‍👩‍👧‍👦 family', '🏳️‍🌈', 'مرحبا', 'שלום', 'می‌خواهم', 'हिन्दी'])('takes %s', async (text) => {
    const person = await newPerson(service());
    await goLive(person, { title: text });
    await person.must('auth_users/user_update', { name: text });
    const [room] = await person.must<{ title: string }[]>('rooms/query_room', { roomIds: [person.userId] });
    expect(room?.title).toBe(text);
  });

  test.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd'])(
    'refuses %s as a cover and as an avatar',
    async (address) => {
      const person = await newPerson(service());
      await goLive(person);
      expect(await person.call('rooms/update_room', { roomId: person.userId, cover: address })).toMatchObject({
        errorCode: 2000,
      });
      expect(await person.call('auth_users/user_update', { avatar: address })).toMatchObject({ errorCode: 98 });
      const { username, salt } = person;
      const signature = md5(`${username}----${salt}`);
      expect(await service().call('oauth/signature', { username, signature, avatar: address })).toMatchObject({
        errorCode: 210,
      });
    },
  );

  test.each(['https://example.com/a.png', 'http://example.com/a.png', '//example.com/a', 'avatar1', ''])(
    'takes %j as a cover',
    async (address) => {
      const person = await newPerson(service());
      await goLive(person);
      await person.must('rooms/update_room', { roomId: person.userId, cover: address });
    },
  );

  test('spellings that look similar are one name', async () => {
    const zoe = await newPerson(service(), { username: `zoe-${kind}` });
    for (const spelling of [`zoe-${kind} `, ` zoe-${kind}`, `ｚoe-${kind}`, `ZOE-${kind}`, `zo\u200be-${kind}`]) {
      const answer = await service().call('oauth/register', { username: spelling, salt: md5('another') });
      expect(answer).toMatchObject({ errorCode: 98 });
    }
    // Anyone who has the salt signs in by any spelling: it is the same account.
    const username = `ＺOE-${kind}`;
    const signature = md5(`${username}----${zoe.salt}`);
    expect(await service().call('oauth/signature', { username, signature })).toMatchObject({
      data: { userId: zoe.userId },
    });
  });
});
