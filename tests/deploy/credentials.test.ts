import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCredential } from '../../deploy/credentials';

describe('finding the API key', () => {
  let home: string;
  const systemFile = () => join(home, 'system-credentials');

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'live-room-home-'));
    mkdirSync(join(home, '.tccli'));
    mkdirSync(join(home, '.tencentcloud'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const find = (env: Record<string, string> = {}) => findCredential({ env, home, systemFile: systemFile() });
  const ini = (id: string) =>
    `[other]\nsecret_id = no\nsecret_key = no\n[default]\r\nsecret_id = ${id}\nsecret_key=key\n`;

  it('finds nothing on an empty machine', () => {
    expect(find()).toBeUndefined();
    expect(find({ TENCENT_SECRET_ID: 'only-half' })).toBeUndefined();
  });

  it('takes the sources in the documented order', () => {
    writeFileSync(systemFile(), ini('system'));
    expect(find()?.credential.secretId).toBe('system');
    writeFileSync(join(home, '.tencentcloud', 'credentials'), ini('sdk'));
    expect(find()).toEqual({
      credential: { secretId: 'sdk', secretKey: 'key' },
      source: '~/.tencentcloud/credentials',
    });
    writeFileSync(join(home, '.tccli', 'default.credential'), '{"secretId":"tccli","secretKey":"key","token":"t"}');
    expect(find()?.credential).toEqual({ secretId: 'tccli', secretKey: 'key', token: 't' });
    const cloud = { TENCENTCLOUD_SECRET_ID: 'cloud', TENCENTCLOUD_SECRET_KEY: 'key', TENCENTCLOUD_SESSION_TOKEN: 's' };
    expect(find(cloud)?.credential).toEqual({ secretId: 'cloud', secretKey: 'key', token: 's' });
    expect(find({ ...cloud, TENCENT_SECRET_ID: 'first', TENCENT_SECRET_KEY: 'key' })?.source).toBe('TENCENT_SECRET_ID');
  });

  it('follows TCCLI_PROFILE and passes over a broken file', () => {
    writeFileSync(join(home, '.tccli', 'work.credential'), '{"secretId":"work","secretKey":"key"}');
    writeFileSync(join(home, '.tccli', 'default.credential'), 'not json');
    expect(find({ TCCLI_PROFILE: 'work' })?.credential.secretId).toBe('work');
    expect(find()).toBeUndefined();
  });
});
