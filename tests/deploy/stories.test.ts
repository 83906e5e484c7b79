/**
 * Random stories of deploys: DEPLOY_STORIES of them (4), from the seed DEPLOY_STORIES_SEED (1) on.
 * `npm run deploy-stories -- --runs 200` runs more.
 */
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { seeded } from '../presence/support/random';
import { startFakeCloud } from './fake-cloud/fake-cloud';
import { createHarness, createJumpingClock } from './harness';
import { RandomAccount } from './random-account';
import { tellStory } from './random-story';

const runs = Number(process.env['DEPLOY_STORIES'] ?? 4);
const first = Number(process.env['DEPLOY_STORIES_SEED'] ?? 1);

describeWithMysql('a random story of deploys', () => {
  let mysql: MysqlServer;
  beforeAll(async () => {
    mysql = await startMysqlServer();
  });
  const tally = { commands: 0, killed: 0, failed: 0, calls: 0, refused: 0 };
  afterAll(async () => {
    process.stderr.write(`deploy stories: ${JSON.stringify(tally)}\n`);
    await mysql?.stop();
  });

  it.each(Array.from({ length: runs }, (_, index) => first + index))('passes with seed %i', async (seed) => {
    const clock = createJumpingClock();
    const cloud = await startFakeCloud({ mysql, clock });
    const harness = createHarness(cloud, clock);
    const account = new RandomAccount(seeded(seed), cloud, harness);
    try {
      await tellStory(account);
    } catch (error) {
      const log = [...harness.lines, '', ...cloud.calls.slice(-30).map(({ name, refused }) => `${name} ${refused}`)];
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : error}\n${log.join('\n')}`);
    } finally {
      for (const key of ['commands', 'killed', 'failed'] as const) tally[key] += account.tally[key];
      tally.calls += cloud.calls.length;
      tally.refused += cloud.calls.filter(({ refused }) => refused !== '').length;
      harness.remove();
      await cloud.stop();
    }
  });
});
