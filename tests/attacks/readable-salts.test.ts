/** Attack 13: the users table, read by a user who should not: a salt signs in as well as a password does. */
import { columns, read, sql } from '../../src/data/engine/sql';
import { runMaintenance } from '../../src/rules/jobs/maintenance';
import { newPerson, type Person, signInAgain } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';

const OLD = `old:${'1f'.repeat(32)}`;
const NEW = `new:${Buffer.alloc(32, 7).toString('base64')}`;
const SALT = columns('users', '', ['salt']);

async function storedSalt(service: Service, person: Person): Promise<string> {
  const statement = sql`SELECT ${SALT} FROM users WHERE username = ${person.username}`;
  const [row] = await service.services.database.forRequest().query(read('test.salt', SALT, statement));
  return row?.salt ?? '';
}

onBothDatabases((kind) => {
  /** The same database with other settings, as after a deployment. */
  const reopen = (first: Service, env: Readonly<Record<string, string>>) =>
    startService(kind, { env, sameDatabaseAs: first });

  test('with DATA_KEYS a salt is stored encrypted, also a formerly readable one', async () => {
    const first = await startService(kind);
    const before = await newPerson(first);
    expect(await storedSalt(first, before)).toBe(before.salt);
    const withKey = await reopen(first, { DATA_KEYS: OLD });
    const after = await newPerson(withKey);
    expect(await storedSalt(withKey, after)).toMatch(/^enc:old:/);
    expect(await storedSalt(withKey, after)).not.toContain(after.salt);
    // Readable ones continue working, and are encrypted by the scheduled work, signed in or not.
    await signInAgain(withKey, before);
    await runMaintenance(withKey.services, { budgetMs: 5_000 });
    expect(await storedSalt(withKey, before)).toMatch(/^enc:old:/);
    await signInAgain(withKey, before);
    await withKey.close();
    await first.close();
  });

  test('a key is replaced without any user noticing, and the old one can then go', async () => {
    const first = await startService(kind, { env: { DATA_KEYS: OLD } });
    const people = await Promise.all(Array.from({ length: 5 }, () => newPerson(first)));
    const both = await reopen(first, { DATA_KEYS: `${NEW},${OLD}` });
    for (const person of people) await signInAgain(both, person);
    await runMaintenance(both.services, { budgetMs: 5_000 });
    for (const person of people) expect(await storedSalt(both, person)).toMatch(/^enc:new:/);
    const newOnly = await reopen(first, { DATA_KEYS: NEW });
    for (const person of people) await signInAgain(newOnly, person);
    await newOnly.close();
    await both.close();
    await first.close();
  });

  test('a salt is bound to its tenant and name: copied to another row it is useless', async () => {
    const service = await startService(kind, { env: { DATA_KEYS: OLD } });
    const [victim, thief] = [await newPerson(service), await newPerson(service)];
    const copied = await storedSalt(service, thief);
    await service.services.database.forRequest().execute({
      kind: 'write',
      name: 'test.copy',
      repeat: 'safe',
      sql: sql`UPDATE users SET salt = ${copied} WHERE username = ${victim.username}`,
    });
    await expect(signInAgain(service, { username: victim.username, salt: thief.salt })).rejects.toThrow(/98|99/);
    await service.close();
  });

  test('without the key nothing is revealed, and nothing is lost', async () => {
    const first = await startService(kind, { env: { DATA_KEYS: OLD } });
    const person = await newPerson(first);
    const without = await reopen(first, { DATA_KEYS: NEW });
    const answer = await signInAgain(without, person).catch((error: Error) => error.message);
    expect(answer).toMatch(/SystemError\(99\)/);
    expect(without.lines.join('')).toContain('data_key_missing');
    expect(without.lines.join('')).not.toContain(person.salt);
    await runMaintenance(without.services, { budgetMs: 5_000 });
    await signInAgain(first, person);
    await without.close();
    await first.close();
  });
});
