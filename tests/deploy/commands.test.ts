/** The command line before any cloud: unknown options, a clone without `npm ci`, another framework, a plan without a key. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../deploy/commands';
import { showOfflinePlan } from '../../deploy/plan-offline';
import { missingCredential } from '../../deploy/preflight';
import { readSettings } from '../../deploy/settings';
import { unknownOption } from '../../deploy/suggestion';

const repository = join(__dirname, '../..');

describe('an unknown option', () => {
  it.each([
    ['deploy --paln', 'sls deploy has no option --paln. Did you mean --plan?'],
    ['remove --delete-dat', 'sls remove has no option --delete-dat. Did you mean --delete-data?'],
    ['info --stge=x', 'sls info has no option --stge. Did you mean --stage?'],
    ['invoke local --dta {}', 'sls invoke local has no option --dta. Did you mean --data?'],
    [
      'rollback --version-number 3',
      'sls rollback has no option --version-number. It takes --region, --to and --stage.',
    ],
  ])('%s gets a suggestion', (line, message) => {
    expect(unknownOption(line.split(' '), commands)).toBe(message);
  });

  it.each([
    'deploy --plan --stage prod',
    'deploy --help',
    'logs -t --since=2h',
    'invoke local -d {}',
    'print --format yaml',
    '',
  ])('%s has none', (line) => expect(unknownOption(line.split(' '), commands)).toBeUndefined());
});

describe('a clone without node_modules', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'live-room-clone-'));
    for (const name of ['deploy', 'serverless.yml', 'package.json']) {
      cpSync(join(repository, name), join(folder, name), { recursive: true });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers npx sls with what to run, and fetches no package of that name', () => {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_update_notifier: 'false',
      npm_config_fetch_retries: '0',
    };
    const { status, stderr } = spawnSync('npx', ['sls', 'deploy'], { cwd: folder, env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/not installed yet\. Run `npm ci` in this folder/)]);
  });

  it('names the right command to another framework that loads the plugin, without a stack', () => {
    const script = `try { require('./deploy/index.cjs') } catch (error) { process.stdout.write(error.stack) }`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(
      /^The deploy tools are not installed yet: another `serverless`.*\nRun `npm ci`.*npx sls deploy/,
    );
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('without an API key', () => {
  const planOf = (provider: object) => {
    const lines: string[] = [];
    const keep = (text: string) => void lines.push(text);
    const report = {
      note: keep,
      print: keep,
      warn: keep,
      now: () => '',
      waiting: () => () => {},
      step: () => Promise.reject(),
    };
    showOfflinePlan(report, readSettings('live-room', provider, {}), ['an API key']);
    return lines;
  };

  it('a plan lists everything for an empty account, with the price', () => {
    expect(planOf({}).map((line) => line.split(/[,.:]| \(/)[0])).toEqual([
      '+ Log topic',
      '+ Private network with a subnet',
      '+ Database cluster',
      '+ Web function live-room-dev',
      '+ Event function live-room-dev-timer',
      '+ Function URL',
      '+ Timer 0 */1 * * * * *',
      'This is the plan for an empty account in ap-guangzhou',
      'Before `npx sls deploy`',
    ]);
    expect(planOf({}).join('\n')).toMatch(
      /PAID: 9\.05 USD a month .* 0\.52 USD a month for each GB; the timer .* keeps it awake/,
    );
  });

  it('a plan follows serverless.yml', () => {
    const vpc = { vpcId: 'vpc-1', subnetId: 'subnet-1' };
    const domain = { name: 'live.example.com', certificate: 'cert0001' };
    const text = planOf({ functionType: 'event', database: 'existing', vpc, domain }).join('\n');
    expect(text).toContain('= Network vpc-1, subnet-1 (yours)');
    expect(text).toContain('= Your own database');
    expect(text).toContain('+ Domain live.example.com');
    expect(text).not.toMatch(/PAID|Web function|-timer/);
  });

  it.each(['info', 'logs', 'remove'])('sls %s speaks of itself', (command) => {
    expect(missingCredential(command)).toMatch(new RegExp(`^\`sls ${command}\` needs an API key`));
    expect(missingCredential(command)).not.toContain('deploy --plan');
  });
});
