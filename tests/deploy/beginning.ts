/** The beginning of the story: every problem is reported before any request, creation or purchase. */
import { chapter, expectSuccess } from './chapters';
import type { FakeCloud } from './fake-cloud/fake-cloud';
import type { Project } from './project';

export interface Scene {
  readonly project: Project;
  readonly cloud: FakeCloud;
  /** A good .env. */
  settings(): Readonly<Record<string, string>>;
  /** The names of the actions that changed something since the given call. */
  changesSince(start: number): string[];
}

export function tellTheBeginning(scene: () => Scene): void {
  chapter('lists everything that is missing before the first request, and plans without a key', async () => {
    const { project, cloud } = scene();
    project.writeEnv({ TRTC_TIM_APPID: 'xxxxxxxx' });
    const { code, text } = await project.sls(['deploy']);
    expect(code).toBe(1);
    expect(text).toContain('https://console.cloud.tencent.com/cam/capi');
    expect(text).toContain('TRTC_TIM_APPID must be');
    expect(text).toContain('TRTC_TIM_SECRET must be');
    expect(text).toContain('https://console.cloud.tencent.com/trtc/app');
    const plan = await project.sls(['deploy', '--plan']);
    expectSuccess(plan);
    expect(plan.stdout).toMatch(/\+ Database cluster.*PAID: 9\.05 USD a month/);
    expect(plan.text).toContain('TRTC_TIM_SECRET must be');
    expect(cloud.calls).toHaveLength(0);
  });

  chapter('refuses a setting that does not exist and names its path', async () => {
    const { project } = scene();
    project.edit('serverless.yml', (text) => text.replace('memorySize: 256', 'memorySize: 250'));
    const { code, text } = await project.sls(['info']);
    expect(code).toBe(1);
    expect(text).toContain('provider.memorySize 250: 64, or a multiple of 128 up to 3072 (MB)');
    project.edit('serverless.yml', (text) => text.replace('memorySize: 250', 'memorySize: 256'));
  });

  chapter('rejects mistakes on the command line before the first request', async () => {
    const { project, cloud, settings } = scene();
    project.writeEnv(settings());
    // The errors about each option are tested without a process, in options.test.ts and commands.test.ts.
    const refusals = {
      'deploy --rotate foo': '--rotate foo: it takes token-secret, database-password, admin-key, data-keys',
      'deploy --paln': 'sls deploy has no option --paln. Did you mean --plan?',
      'deploy --package /nope': 'There is no package at /nope/live-room.zip',
    };
    const outcomes = await Promise.all(Object.keys(refusals).map((line) => project.sls(line.split(' '))));
    for (const [index, words] of Object.values(refusals).entries()) {
      expect([outcomes[index]?.code, outcomes[index]?.text]).toEqual([1, expect.stringContaining(words)]);
    }
    expect(cloud.calls).toHaveLength(0);
  });

  chapter('plans resources and prices, and changes nothing', async () => {
    const { project, cloud, changesSince } = scene();
    const start = cloud.calls.length;
    const outcome = await project.sls(['deploy', '--plan']);
    expectSuccess(outcome);
    expect(outcome.stdout).toMatch(
      /\+ Database cluster, MySQL 8\.0, 0\.25 to 1 CCU in ap-guangzhou-6\. PAID: 9\.05 USD/,
    );
    expect(outcome.stdout).toContain('+ Web function live-room-dev, 256 MB');
    expect(changesSince(start)).toEqual([]);
  });
}
