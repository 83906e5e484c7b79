import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentSize, readEnvironment, serviceEnvironment, shellSettings } from '../../deploy/environment';
import { configurationProblems } from '../../deploy/preflight';
import { readSettings } from '../../deploy/settings';

const good = { TRTC_TIM_APPID: '1400000123', TRTC_TIM_SECRET: 'a'.repeat(64) };
const database = { MYSQL_HOST: 'db.example.com', MYSQL_USER: 'u', MYSQL_PASSWORD: 'p' };

describe('the environment of the functions', () => {
  it('takes the process first, then the file of the stage, then .env, and leaves $ and # in values unchanged', () => {
    const directory = mkdtempSync(join(tmpdir(), 'live-room-env-'));
    writeFileSync(join(directory, '.env'), 'A=base\nB=base\nC=base\nSECRET="a$b#c{d}"\n');
    writeFileSync(join(directory, '.env.prod'), 'B=stage\nC=stage\n');
    const read = readEnvironment(directory, 'prod', { C: 'process' });
    expect(read).toEqual({ A: 'base', B: 'stage', C: 'process', SECRET: 'a$b#c{d}' });
    rmSync(directory, { recursive: true });
  });

  it('names the settings that the shell gives over the files, and not their values', () => {
    const directory = mkdtempSync(join(tmpdir(), 'live-room-env-'));
    writeFileSync(join(directory, '.env'), 'CONSOLE=off\nTENANTS=[]\n');
    const shell = { CONSOLE: 'on', TENANTS: '[]', PORT: '1', PATH: '/bin', TOKEN_SECRET: 'secret' };
    expect(shellSettings(directory, 'dev', shell)).toEqual(['TOKEN_SECRET', 'CONSOLE']);
    rmSync(directory, { recursive: true });
  });

  it('passes on the settings of the service and nothing of the deployer or of this computer', () => {
    const env = {
      ...good,
      ...database,
      PORT: '80',
      HOST: '::1',
      SQLITE_PATH: 'x',
      ROOM_CLOSE_SECONDS: '300',
      TRTC_SECRET_ID: 'role-less',
      TRTC_SECRET_KEY: 'key',
      TENCENT_SECRET_ID: 'id',
      TENCENTCLOUD_SECRETID: 'id',
      TENCENTCLOUD_SECRETKEY: 'key',
      TENCENT_SECRET_KEY: 'key',
      PATH: '/bin',
    };
    expect(Object.keys(serviceEnvironment(env, true).variables)).toEqual([
      'ROOM_CLOSE_SECONDS',
      'TRTC_SECRET_ID',
      'TRTC_SECRET_KEY',
      'TRTC_TIM_APPID',
      'TRTC_TIM_SECRET',
    ]);
    expect(serviceEnvironment(env, false).variables).toMatchObject(database);
  });

  it('counts bytes, not characters', () => {
    expect(environmentSize({ AB: '你' })).toBe(5);
  });
});

describe('the check before a deploy', () => {
  const problems = (env: Record<string, string>, provider: object = {}) =>
    configurationProblems(readSettings('live-room', provider, {}), env);

  it('finds no problem in a valid configuration', () => {
    expect(problems(good)).toEqual([]);
    expect(problems({ ...good, ...database }, { database: 'existing' })).toEqual([]);
  });

  it('names missing settings and never shows a value', () => {
    const found = problems({ TRTC_TIM_APPID: 'my-app', TRTC_TIM_SECRET: 'short-secret' }).join('\n');
    expect(found).toContain('TRTC_TIM_APPID');
    expect(found).toContain('TRTC_TIM_SECRET');
    expect(found).not.toContain('short-secret');
  });

  it('wants an address, a user and a password of an existing database, and not this computer', () => {
    expect(problems(good, { database: 'existing' }).join('\n')).toMatch(
      /MYSQL_HOST[\s\S]*MYSQL_USER[\s\S]*MYSQL_PASSWORD/,
    );
    expect(problems({ ...good, ...database, MYSQL_HOST: '127.0.0.1' }, { database: 'existing' })).toEqual([
      'MYSQL_HOST must be an address that the function can reach, not this computer',
    ]);
  });

  it('refuses an environment of more than 4 KB', () => {
    const secrets = JSON.stringify({ shop: 'x'.repeat(4000) });
    expect(problems({ ...good, OAUTH_TAG_SECRETS: secrets }).join('\n')).toMatch(
      /the environment needs \d+ of the 4096/,
    );
  });

  it('refuses a cluster whose least is more than its most', () => {
    expect(problems(good, { cluster: { minCpu: 2, maxCpu: 1 } })).toEqual(['provider.cluster.minCpu is above maxCpu']);
  });
});
