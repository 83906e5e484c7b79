/** Texts come back as they were sent, and are compared exactly, the same on both databases. */
import md5 from 'md5';
import { goLive, newPerson, type Person, type Room, type SignIn, sign, succeeded } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';
import { SQL_TEXTS } from './support/cases';

const TEXTS = [
  ...SQL_TEXTS,
  '😀👨‍👩‍👧‍👦🇨🇳',
  '𠮷野家',
  'Ünïcödé',
  'e\u0301',
  '\u200bzero\u200dwidth',
  'مرحبا',
  '<b>&amp;"\'</b>',
  '\\u0041\\n',
  '1e5',
  '007',
];

onBothDatabases((kind) => {
  const service = useService(kind, { env: { ROOMS_PER_OWNER: '0' } });
  let alice: Person;

  beforeAll(async () => {
    alice = await newPerson(service());
    await goLive(alice, { category: 'texts' });
  });

  test('every text of a profile and of a room comes back as it was sent', async () => {
    for (const text of TEXTS) {
      const profile = { name: text, tag: text, tag2: text, avatar: text };
      await alice.must('auth_users/user_update', profile);
      expect(await alice.must('auth_users/user_query')).toMatchObject(profile);
      const room = { title: text, cover: text, subject: text, description: `${text}\n\t${text}` };
      await alice.must('rooms/update_room', { roomId: alice.userId, ...room, role: text.slice(0, 30).trim() || 'x' });
      expect(await alice.must('rooms/room_detail', { roomId: alice.userId })).toMatchObject(room);
    }
  });

  test('texts of the greatest length fit, in emoji too', async () => {
    const full = (length: number) => '😀'.repeat(length);
    const profile = { name: full(125), tag: full(64), tag2: full(64), avatar: full(512) };
    await alice.must('auth_users/user_update', profile);
    expect(await alice.must('auth_users/user_query')).toMatchObject(profile);
    const room = {
      category: full(64),
      title: full(128),
      cover: full(512),
      subject: full(128),
      description: full(1024),
    };
    await alice.must('rooms/update_room', { roomId: alice.userId, ...room, role: full(32) });
    expect(await alice.must('rooms/room_detail', { roomId: alice.userId })).toMatchObject(room);
    const roomId = 'r'.repeat(47);
    await alice.must('rooms/enter_room', { roomId, role: full(32), category: full(64), title: full(128) });
    expect(await alice.must('rooms/room_detail', { roomId })).toMatchObject({ roomId, title: full(128) });
  });

  test('user names that differ in letters are different people; in case, width, spaces or how an accent is written, one', async () => {
    const register = (username: string) =>
      service().call('oauth/register', { username, salt: md5(`${username}-password`) });
    const ids: string[] = [];
    const different = ['Same', 'sáme', 'ß', '😀', '😁'];
    for (const username of different) {
      succeeded(await register(username));
      const signature = sign({ username, secret: md5(`${username}-password`) });
      ids.push(succeeded<SignIn>(await service().call('oauth/signature', { username, signature })).userId);
    }
    expect(new Set(ids).size).toBe(different.length);
    for (const taken of ['same', 'SAME', 'same ', ' same', 'ｓame', 'same\u00a0', 'sa\u0301me', 'ss']) {
      expect({ taken, code: (await register(taken)).errorCode }).toEqual({ taken, code: 98 });
    }
  });

  test('categories and room ids are compared exactly', async () => {
    const rooms = [
      ['Case', 'R-case'],
      ['case', 'r-case'],
      ['cáse', 'r_case'],
      ['😀', 'r-1'],
      ['😁', 'r-2'],
    ] as const;
    for (const [category, roomId] of rooms) await alice.must('rooms/enter_room', { roomId, role: 'anchor', category });
    for (const [category, roomId] of rooms) {
      const found = await alice.must<Room[]>('rooms/query_room', { category });
      expect(found.map((room) => room.roomId)).toEqual([roomId]);
      expect(await alice.must('rooms/room_detail', { roomId })).toMatchObject({ category });
    }
  });
});
