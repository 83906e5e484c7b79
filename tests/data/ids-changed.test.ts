/** `userIds` of a tenant changes after its first account: ids that apps know would be wrong, so the service refuses the database. */
import { newPerson } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';
import { overHttp } from '../../testkit/ways';

const TENANT = { apaasAppId: 'second', sdkAppId: 1_400_000_777, secret: 'a-secret-of-the-second-tenant-01' };
const WHY = 'USER_IDS (userIds of a tenant) was changed although there are accounts: set it back';

async function readyz(service: Service): Promise<unknown> {
  const { status, text } = await overHttp(service, { method: 'GET', path: '/readyz', headers: {} });
  return [status, JSON.parse(text).errorMessage];
}

onBothDatabases((kind) => {
  test.each([
    { made: 'number', changed: 'username' },
    { made: 'username', changed: 'number' },
  ])('accounts with $made ids and USER_IDS=$changed: 103 and /readyz says why, until it is set back', async (ids) => {
    const first = await startService(kind, { env: { USER_IDS: ids.made } });
    const on = (env: Record<string, string>) => startService(kind, { sameDatabaseAs: first, env });
    const started = [first];
    try {
      await newPerson(first, { username: 'the-first' });
      const other = await on({ USER_IDS: ids.changed });
      started.unshift(other);
      const account = { username: 'the-second', salt: 's'.repeat(32) };
      for (const time of [1, 2]) {
        const answer = await other.call('oauth/register', account);
        expect([time, answer]).toEqual([time, expect.objectContaining({ errorCode: 103 })]);
        expect(answer.errorMessage).not.toContain('the-first');
      }
      expect(await readyz(other)).toEqual([503, `not ready: ${WHY}`]);
      expect(other.lines.find((line) => line.includes('"user_ids_changed"'))).toContain(
        `"tenant":"","accounts":"${ids.made}","setting":"${ids.changed}"`,
      );
      const back = await on({ USER_IDS: ids.made });
      started.unshift(back);
      expect(await readyz(back)).toEqual([200, 'ok']);
      expect(await back.call('oauth/register', account)).toMatchObject({ errorCode: 0 });
    } finally {
      for (const service of started) await service.close();
    }
  });

  test('a tenant without accounts may still choose; one with accounts may not', async () => {
    const env = (userIds: string) => ({ TENANTS: JSON.stringify([{ ...TENANT, userIds }]) });
    const first = await startService(kind, { env: env('number') });
    const started = [first];
    try {
      await newPerson(first);
      const chosen = await startService(kind, { sameDatabaseAs: first, env: env('username') });
      started.unshift(chosen);
      const person = await newPerson(chosen, { username: 'a-Name', extra: { apaasAppId: 'second' } });
      expect(person.userId).toBe('a-Name');
      const changed = await startService(kind, { sameDatabaseAs: first, env: env('number') });
      started.unshift(changed);
      expect(await readyz(changed)).toEqual([503, `not ready: ${WHY}`]);
    } finally {
      for (const service of started) await service.close();
    }
  });
});
