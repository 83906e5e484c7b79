/** A process that dies between the commit and the calls that follow it loses nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { type FakeTrtc, startFakeTrtc } from '../../testkit/fake-trtc';
import { until } from '../../testkit/lived';
import { sharedMysql } from '../../testkit/mysql-server';
import { APP_ID, APP_SECRET, onBothDatabases } from '../../testkit/service';
import { type ServiceProcess, signUp, startProcess } from '../../testkit/service-process';
import { CLOUD_KEY } from '../../testkit/stage';

onBothDatabases((kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-kill-'));
  let im: FakeIm;
  let trtc: FakeTrtc;
  let env: Record<string, string>;
  const running: ServiceProcess[] = [];
  const start = async () => {
    const service = await startProcess(env);
    running.push(service);
    return service;
  };
  beforeAll(async () => {
    im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET });
    trtc = await startFakeTrtc({ ...CLOUD_KEY, sdkAppIds: [APP_ID] });
    const database = kind === 'mysql' ? sharedMysql() : undefined;
    env = {
      TRTC_TIM_APPID: String(APP_ID),
      TRTC_TIM_SECRET: APP_SECRET,
      TIM_ENDPOINT: im.url,
      TRTC_ENDPOINT: trtc.url,
      // The way in which the platform passes the function's role.
      TENCENTCLOUD_SECRETID: CLOUD_KEY.secretId,
      TENCENTCLOUD_SECRETKEY: CLOUD_KEY.secretKey,
      ...(database ? database.env(database.createDatabaseName()) : { SQLITE_PATH: join(folder, 'kill.sqlite') }),
    };
  });
  afterAll(async () => {
    for (const service of running) await service.kill();
    await Promise.all([im.stop(), trtc.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('SIGKILL between the commit and the answer of IM: the next process finishes the work', async () => {
    const first = await start();
    const anchor = await signUp(first, 'anchor');
    const roomId = anchor.userId;
    const room = { ...anchor, roomId, role: 'anchor', category: 'mlvb-show-live' };
    expect((await first.call('rooms/enter_room', room)).errorCode).toBe(0);
    trtc.rooms(APP_ID).set(Number(roomId), new Set([roomId]));
    im.fail({ command: 'destroy_group', hang: true });
    trtc.fail({ hang: true });
    // On a busy machine its time is up, and it is answered, before the process dies; IM and TRTC have not answered.
    const answer = first.call('rooms/destroy_room', { ...anchor, roomId }).catch(() => 'cut off');
    const called = () => im.calls.some(({ command }) => command === 'destroy_group') && trtc.calls.length > 0;
    await until('both calls', called);
    await first.kill();
    await answer;
    im.clear();
    trtc.clear();
    expect(im.groups(APP_ID).has(roomId)).toBe(true);

    const second = await start();
    expect((await second.call('rooms/room_detail', { ...anchor, roomId })).errorCode).toBe(2004);
    const done = () => !im.groups(APP_ID).has(roomId) && !trtc.rooms(APP_ID).has(Number(roomId));
    await until('the group and the TRTC room are gone', done);
    expect(second.output()).toContain('"event":"maintenance"');
    // The owner opens again, with a new group, and it stays.
    expect((await second.call('rooms/enter_room', room)).errorCode).toBe(0);
    expect(im.groups(APP_ID).has(roomId)).toBe(true);
  });
});
