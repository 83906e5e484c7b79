/** Migrations by command: missing ones are shown, applied, or refused until they are applied. */
import { bringUpToDate } from '../../src/data/engine/schema-state';
import { MIGRATION_NAMES } from '../../src/data/migrations/migrations';
import { configOf, onBothDatabases, openDatabase } from '../../testkit/database';
import { startService } from '../../testkit/service';
import { meddle } from '../../testkit/statements';
import { overHttp } from '../../testkit/ways';

onBothDatabases((kind, database) => {
  test('shows the missing migrations of an empty database without touching it, applies them once, and has nothing to do then', async () => {
    const empty = openDatabase(kind);
    const config = configOf(empty.env);
    for (let time = 0; time < 2; time += 1) {
      expect(await bringUpToDate(config, { apply: false })).toEqual({ missing: MIGRATION_NAMES, unknown: [] });
    }
    expect((await bringUpToDate(config, { apply: true })).missing).toEqual(MIGRATION_NAMES);
    expect(await bringUpToDate(config, { apply: true })).toEqual({ missing: [], unknown: [] });
    await empty.close();
  });

  test('with MIGRATE=manual an older schema is an error with its remedy until it is upgraded; one in the middle counts', async () => {
    const { env, source, request } = database();
    await source.check();
    await meddle(request(), "DELETE FROM kysely_migration WHERE name = '0014_im_said'");
    const service = await startService(kind, { env: { ...env, MIGRATE: 'manual', MYSQL_POOL_SIZE: '2' } });
    try {
      const page = async (path: string) => {
        const { status, text } = await overHttp(service, { method: 'GET', path, headers: {} });
        return [status, JSON.parse(text).errorMessage];
      };
      const remedy = expect.stringContaining('npx live-room migrate --apply');
      expect(await service.call('oauth/register', { username: 'a', salt: 's'.repeat(32) })).toMatchObject({
        errorCode: 103,
      });
      expect(await page('/readyz')).toEqual([503, remedy]);
      expect(await page('/')).toEqual([503, remedy]);
      expect((await bringUpToDate(configOf(env), { apply: false })).missing).toEqual(['0014_im_said']);
      await bringUpToDate(configOf(env), { apply: true });
      // The running process detects it.
      expect(await page('/readyz')).toEqual([200, 'ok']);
      expect(service.lines.filter((line) => line.includes('schema_of_later_release'))).toEqual([]);
      expect(await service.call('oauth/register', { username: 'a', salt: 's'.repeat(32) })).toMatchObject({
        errorCode: 0,
      });
    } finally {
      await service.close();
    }
  });

  test('names of a later release are a warning, and everything works', async () => {
    const { env, source, request } = database();
    await source.check();
    await meddle(request(), "INSERT INTO kysely_migration (name, timestamp) VALUES ('0999_later', '2027-01-01')");
    expect(await bringUpToDate(configOf(env), { apply: true })).toEqual({ missing: [], unknown: ['0999_later'] });
    const service = await startService(kind, { env: { ...env, MIGRATE: 'manual' } });
    try {
      expect(await service.call('oauth/register', { username: 'b', salt: 's'.repeat(32) })).toMatchObject({
        errorCode: 0,
      });
      const warnings = service.lines.filter((line) => line.includes('schema_of_later_release'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('"migrations":"0999_later"');
    } finally {
      await service.close();
    }
  });
});
