/** No banned or kicked user is let in, in any order of a call and the decision. */
import { columns, read, sql } from '../../src/data/engine/sql';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, type Person, sign } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';

/** How many of each; a run of all of them is a few hundred races. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 12);

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, ROOMS_PER_OWNER: '0', SIGN_UPS_PER_MINUTE: '0' } });
  const admin = () => operatorOf(stage());

  const signature = (person: Person) =>
    stage().call('oauth/signature', {
      username: person.username,
      signature: sign({ username: person.username, secret: person.salt }),
    });

  const found = columns('members', 'm', ['user_id']);
  const sessions = columns('sessions', 's', ['user_id']);
  const rooms = columns('rooms', 'r', ['owner_id']);

  /** The traces of a user who must be out of everything. */
  async function remains(userId: string): Promise<string[]> {
    const db = stage().services.database.forRequest();
    const id = Number(userId);
    const inside = await db.query(
      read(
        'tests.members',
        found,
        sql`SELECT ${found} FROM members m JOIN rooms r ON r.id = m.room_pk
        AND r.broadcast_no = m.broadcast_no WHERE m.user_id = ${id} AND m.present = 1 AND r.status = 1`,
      ),
    );
    const signedIn = await db.query(
      read('tests.sessions', sessions, sql`SELECT ${sessions} FROM sessions s WHERE s.user_id = ${id}`),
    );
    const live = await db.query(
      read('tests.rooms', rooms, sql`SELECT ${rooms} FROM rooms r WHERE r.owner_id = ${id} AND r.status = 1`),
    );
    return [...inside.map(() => 'a member'), ...signedIn.map(() => 'a session'), ...live.map(() => 'a room')];
  }

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Does it a few times in a row while the ban comes. */
  async function against(person: Person, attack: () => Promise<unknown>): Promise<void> {
    const ban = async () => {
      await pause(Math.random() * 12);
      return admin().must<{ sanctionId: string }>('ban_user', { userId: person.userId, reason: 'race', seconds: 0 });
    };
    const attacks = Array.from({ length: 4 }, async (_, n) => {
      await pause(n * 3 + Math.random() * 4);
      return attack();
    });
    await Promise.all([ban(), ...attacks]);
    expect(await remains(person.userId)).toEqual([]);
  }

  const people = (count: number) => Promise.all(Array.from({ length: count }, () => newPerson(stage())));
  const asAnchor = (person: Person) =>
    person.call('rooms/enter_room', { roomId: person.userId, role: 'anchor', category: 'mlvb-show-live' });

  test.each(['sign-in', 'token sign-in', 'enter', 'open', 're-open', 'keepalive'])('a ban against %s', async (what) => {
    const { roomId } = await newLive(stage());
    for (const person of await people(ROUNDS)) {
      if (what === 're-open') await asAnchor(person);
      const attacks: Record<string, () => Promise<unknown>> = {
        'sign-in': () => signature(person),
        'token sign-in': () => person.call('auth_users/user_login_token'),
        enter: () => person.call('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' }),
        open: () => asAnchor(person),
        're-open': async () => {
          await person.call('rooms/destroy_room', { roomId: person.userId });
          await asAnchor(person);
        },
        keepalive: () => person.call('auth_users/user_keepalive'),
      };
      await against(person, attacks[what] as () => Promise<unknown>);
      expect(await signature(person)).toMatchObject({ errorCode: 98 });
      expect(await asAnchor(person)).toMatchObject({ errorCode: 98 });
      expect(await remains(person.userId)).toEqual([]);
    }
  });

  test('a ban against deletion with registration of the same name', async () => {
    for (const person of await people(ROUNDS)) {
      const ban = async () => {
        await pause(Math.random() * 12);
        return admin().call('ban_user', { userId: person.userId, reason: 'race', seconds: 0 });
      };
      const comeBack = async () => {
        await person.call('auth_users/user_delete');
        await stage().call('oauth/register', { username: person.username, salt: person.salt });
        return signature(person);
      };
      const [banned] = await Promise.all([ban(), comeBack()]);
      // Deleted before: there was no user to ban. Banned before: anyone who has the name is banned.
      expect([200, 404]).toContain(banned.status);
      const after = await signature(person);
      if (banned.status === 200) expect(after).toMatchObject({ errorCode: 98 });
      else expect(after).toMatchObject({ errorCode: 0 });
    }
  });

  test('a kick against entering', async () => {
    const { anchor, roomId } = await newLive(stage());
    for (const person of await people(ROUNDS)) {
      const kick = async () => {
        await pause(Math.random() * 12);
        return admin().must('kick_user', { roomId, userId: person.userId, reason: 'race' });
      };
      const enter = () => person.call('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' });
      await Promise.all([kick(), ...Array.from({ length: 4 }, () => pause(Math.random() * 12).then(enter))]);
      expect(await stage().members(anchor, roomId)).not.toContain(person.userId);
      expect(await enter()).toMatchObject({ errorCode: 98 });
    }
  });

  test('two operators concurrently on one user: both are recorded, and the longer sanction applies', async () => {
    for (const person of await people(ROUNDS)) {
      const ban = (seconds: number) =>
        admin().must<{ sanctionId: string }>('ban_user', { userId: person.userId, reason: `${seconds}`, seconds });
      const [short] = await Promise.all([ban(60), ban(3600)]);
      await Promise.all([
        admin().must('lift_sanction', { sanctionId: short.sanctionId, reason: 'x' }),
        signature(person),
      ]);
      expect((await signature(person)).errorMessage).toMatch(/until 2026-11-23 13:00:00: 3600/);
      expect(await remains(person.userId)).toEqual([]);
    }
  });
});
