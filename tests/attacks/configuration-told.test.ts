/** Attack 22: an invalid configuration reveals to strangers how the service is built. */
import { startService } from '../../testkit/service';
import { send, WAYS } from '../../testkit/ways';

const CASES: readonly [string, Record<string, string>, readonly string[]][] = [
  ['no application', { TRTC_TIM_APPID: '', TRTC_TIM_SECRET: 'xxx' }, ['TRTC_TIM_APPID', 'TRTC_TIM_SECRET']],
  ['tenants that are no JSON', { TENANTS: '{' }, ['TENANTS']],
  [
    'a secret of a tenant',
    { TENANTS: '[{"apaasAppId":"shop","sdkAppId":1400000009,"secret":"too-short"}]' },
    ['TENANTS[0]'],
  ],
  ['a database name', { MYSQL_HOST: '127.0.0.1', MYSQL_DB: 'no such; name' }, ['MYSQL_DB']],
];

test.each(CASES)('%s: the caller gets one sentence, the operator the names', async (_name, env, named) => {
  const service = await startService('sqlite', { env });
  try {
    for (const way of WAYS) {
      for (const path of ['/base/v1/rooms/query_room', '/base/v1/callbacks/im', '/base/v1', '/', '/prod/', '/readyz']) {
        const { text } = await send(service, way, { method: 'POST', path, headers: {}, body: '{}' });
        expect(text).not.toMatch(/[A-Z]{3,}_[A-Z]|TENANTS|too-short|no such; name/);
        if (path.endsWith('query_room'))
          expect(text).toMatch(/SystemError\(99\): Invalid (TRTC config|configuration), please check \.env file"/);
      }
    }
    const log = service.lines.join('');
    for (const name of named) expect(log).toContain(name);
    expect(log).not.toContain('too-short');
  } finally {
    await service.close();
  }
});
