/** /metrics, /livez and /readyz, read as a monitoring system reads them, and the dashboard that is made for them. */
import { readFileSync } from 'node:fs';
import { JOB_NAMES } from '../../src/rules/jobs/maintenance';
import { takeSamples } from '../../src/rules/statistics/sampler';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { until } from '../../testkit/lived';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson } from '../../testkit/people';
import { APP_ID, APP_SECRET, onBothDatabases, type Service, startService } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { meddle } from '../../testkit/statements';
import { imCallback, stateChange } from '../../testkit/vendor';
import { type Answer, send, type Way } from '../../testkit/ways';

const TOKEN = 'a-token-for-the-monitoring';

function get(service: Service, path: string, headers: Record<string, string> = {}, way: Way = 'http'): Promise<Answer> {
  return send(service, way, { method: 'GET', path, headers });
}

const authorization = `Bearer ${TOKEN}`;

/** The value of a line; undefined if there is none. */
function sampleOf(text: string, line: string): number | undefined {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

onBothDatabases((kind) => {
  let service: Service;
  let im: FakeIm;
  beforeAll(async () => {
    im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET });
    const env = { METRICS_TOKEN: TOKEN, TIM_ENDPOINT: im.url, ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' };
    service = await startService(kind, { env });
  });
  afterAll(async () => {
    await service.close();
    await im.stop();
  });

  test.each<Way>(['http', 'api-gateway', 'function-url'])('counts answers by endpoint and code (%s)', async (way) => {
    const person = await newPerson(service);
    const read = async () => (await get(service, '/metrics', { authorization }, way)).text;
    const line = 'live_room_requests_total{endpoint="auth_users/user_keepalive",code="0"}';
    const bad = 'live_room_requests_total{endpoint="auth_users/user_keepalive",code="204"}';
    const before = await read();
    for (let count = 0; count < 5; count += 1) await person.must('auth_users/user_keepalive');
    await service.call('auth_users/user_keepalive', { userId: person.userId, token: 'x' });
    const after = await read();
    expect((sampleOf(after, line) ?? 0) - (sampleOf(before, line) ?? 0)).toBe(5);
    expect((sampleOf(after, bad) ?? 0) - (sampleOf(before, bad) ?? 0)).toBe(1);
    const took = (code: number) =>
      sampleOf(after, `live_room_request_seconds_count{endpoint="auth_users/user_keepalive",code="${code}"}`);
    expect(took(0)).toBeGreaterThanOrEqual(5);
    expect(took(204)).toBeGreaterThanOrEqual(1);
    expect(sampleOf(after, 'live_room_statements_total{endpoint="oauth/signature"}')).toBeGreaterThan(0);
    expect(after).not.toContain(person.token);
    expect(after).not.toContain(person.userId === '' ? 'x' : person.username);
  });

  test('counts calls to IM, the work that is due and the delay of the event loop', async () => {
    await goLive(await newPerson(service));
    const { text, headers } = await get(service, '/metrics', { authorization });
    const seconds = process.uptime();
    const line =
      'live_room_vendor_call_seconds_count{vendor="im",command="group_open_http_svc/create_group",outcome="ok"}';
    expect(sampleOf(text, line)).toBeGreaterThan(0);
    // Seconds, not milliseconds: no call took longer than this process lives.
    for (const [, sum, labels] of text.matchAll(/^(live_room_\w+_seconds)_sum(\{[^}]*\}) /gm)) {
      const [total = 0, count = 0] = ['sum', 'count'].map((part) => sampleOf(text, `${sum}_${part}${labels}`));
      expect([sum, labels, total <= seconds * count]).toEqual([sum, labels, true]);
    }
    expect(sampleOf(text, 'live_room_outbox_due')).toBe(0);
    expect(sampleOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(headers['content-type']).toContain('text/plain');
  });

  test('shows how busy the connections are, also while requests wait for one', async () => {
    const pool = async () => {
      const { text } = await get(service, '/metrics', { authorization });
      const of = (what: string) => sampleOf(text, `live_room_database_pool_${what}`) ?? Number.NaN;
      return { size: of('size'), inUse: of('in_use'), waiting: of('waiting') };
    };
    const size = kind === 'sqlite' ? 1 : 8;
    expect(await pool()).toMatchObject({ size, waiting: 0 });
    // Transactions that keep every connection until released, and three that find none left.
    let finish = () => {};
    const released = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const held = Array.from({ length: size + 3 }, () =>
      service.services.database.forRequest().transaction(() => released),
    );
    await until('all connections are in use', () => service.services.database.pool()?.waiting === 3);
    // Asks the database too, and gets no connection until the others are done.
    const asked = pool();
    await until('the page waits as well', () => (service.services.database.pool()?.waiting ?? 0) > 3);
    expect(service.services.database.pool()).toMatchObject({ size, inUse: size });
    finish();
    await Promise.all(held);
    expect((await asked).inUse).toBe(size);
    await until('all are free', () => service.services.database.pool()?.inUse === 0);
    expect((await pool()).waiting).toBe(0);
  });

  test('shows pending events: their number, age, and whether tried', async () => {
    const read = async () => {
      const { text } = await get(service, '/metrics', { authorization });
      const of = (metric: string, state: string) => sampleOf(text, `live_room_webhook_${metric}{state="${state}"}`);
      return {
        waiting: of('deliveries', 'waiting'),
        waitingFor: of('oldest_seconds', 'waiting'),
        retrying: of('deliveries', 'retrying'),
        retryingFor: of('oldest_seconds', 'retrying'),
      };
    };
    expect(await read()).toEqual({ waiting: 0, waitingFor: 0, retrying: 0, retryingFor: 0 });
    const admin = operatorOf(service);
    // No user listens there.
    const { webhookId } = await admin.must<{ webhookId: string }>('add_webhook', {
      url: 'http://127.0.0.1:9/',
      events: ['user.created'],
    });
    await newPerson(service);
    service.clock.advance(90_000);
    const before = await read();
    expect(before).toMatchObject({ waiting: 1, retrying: 0, retryingFor: 0 });
    expect(before.waitingFor).toBeGreaterThanOrEqual(90);
    await createDeliverer(service.services).deliverDue(() => true);
    const after = await read();
    expect(after).toMatchObject({ waiting: 0, waitingFor: 0, retrying: 1 });
    expect(after.retryingFor).toBeGreaterThanOrEqual(90);
    const { text } = await get(service, '/metrics', { authorization });
    const failed = 'live_room_vendor_call_seconds_count{vendor="webhook",command="deliver",outcome="no_answer"}';
    expect(sampleOf(text, failed)).toBe(1);
    // Events without a receiver are not late.
    await admin.must('change_webhook', { webhookId, enabled: false });
    expect(await read()).toEqual({ waiting: 0, waitingFor: 0, retrying: 0, retryingFor: 0 });
  });

  test('shows the newest sample', async () => {
    await takeSamples(service.services);
    const { text } = await get(service, '/metrics', { authorization });
    expect(sampleOf(text, 'live_room_rooms{tenant=""}')).toBeGreaterThan(0);
    expect(sampleOf(text, 'live_room_viewers{tenant=""}')).toBeGreaterThan(0);
    expect(sampleOf(text, 'live_room_online{tenant=""}')).toBeGreaterThan(0);
  });

  test('shows no number of the database while that does not answer', async () => {
    const env = { METRICS_TOKEN: TOKEN };
    const other = await startService(kind, { env, sameDatabaseAs: service });
    await takeSamples(other.services);
    const read = async () => (await get(other, '/metrics', { authorization })).text;
    const lines = [
      'rooms{tenant=""}',
      'viewers{tenant=""}',
      'online{tenant=""}',
      'outbox_due',
      'outbox_oldest_seconds',
    ].map((name) => `live_room_${name}`);
    const before = await read();
    await other.services.database.close();
    const after = await read();
    expect(sampleOf(after, 'live_room_database_pool_size')).toBeDefined();
    for (const line of lines) {
      expect([line, sampleOf(before, line) === undefined, sampleOf(after, line)]).toEqual([line, false, undefined]);
    }
    await other.close();
  });

  test('all unknown paths share one line', async () => {
    for (const path of ['/base/v1/a', '/base/v1/b', '/x', '/base/v1/rooms/{a="b"}']) await get(service, path);
    const { text } = await get(service, '/metrics', { authorization });
    const endpoints = [...text.matchAll(/live_room_requests_total\{endpoint="([^"]*)"/g)].map(([, name]) => name);
    expect(endpoints).toContain('unknown');
    expect(endpoints.filter((name) => name === 'a' || name === 'b' || name === 'x')).toEqual([]);
  });

  test.each(['', 'Bearer', 'Bearer x', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`])('is nothing for %j', async (header) => {
    const answer = await get(service, '/metrics', { authorization: header });
    expect(answer.status).toBe(401);
    const errorMessage = expect.stringContaining('the metrics need their token');
    expect(JSON.parse(answer.text)).toMatchObject({ errorCode: 98, errorMessage });
  });

  test('the process is alive, and ready while its database answers', async () => {
    const other = await startService(kind, { sameDatabaseAs: service });
    expect((await get(other, '/livez')).status).toBe(200);
    expect((await get(other, '/readyz')).status).toBe(200);
    await other.services.database.close();
    expect((await get(other, '/livez')).status).toBe(200);
    expect((await get(other, '/readyz')).status).toBe(503);
    await other.close();
  });

  test('every query of the dashboard is about something that is there', async () => {
    const anchor = await newPerson(service);
    await goLive(anchor);
    await anchor.must('auth_users/user_keepalive');
    service.clock.advance(60_000);
    await takeSamples(service.services);
    const { text } = await get(service, '/metrics', { authorization });
    const known = new Set([...text.matchAll(/^([a-z0-9_:]+)(?:\{| )/gm)].map(([, name]) => name));
    const dashboard = readFileSync('docs/grafana-dashboard.json', 'utf8');
    const queries = [...dashboard.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(([, query]) => query ?? '');
    expect(queries.length).toBeGreaterThan(8);
    for (const query of queries) {
      const named = [...query.matchAll(/\b(live_room_[a-z_]+|nodejs_[a-z_0-9]+|process_[a-z_]+)\b/g)].map(
        ([name]) => name,
      );
      expect(named.length).toBeGreaterThan(0);
      for (const name of named) expect([...known]).toContain(name);
    }
  });
});

describe('counts the events that an operator has to look into', () => {
  const stage = useStage('sqlite', { env: { METRICS_TOKEN: TOKEN } });
  const read = async () => (await get(stage(), '/metrics', { authorization })).text;
  const counted = async (line: string) => sampleOf(await read(), `live_room_${line}`);

  test('each of them is 0 from the start', async () => {
    const text = await read();
    const events = ['outbox_gave_up', 'sample_failed', 'code_not_sent', 'chat_log_failed', 'review_vendor_failed'];
    for (const event of events) expect(sampleOf(text, `live_room_${event}_total`)).toBe(0);
    for (const callback of ['callbacks/im', 'callbacks/trtc']) {
      expect(sampleOf(text, `live_room_callback_refused_total{callback="${callback}"}`)).toBe(0);
      expect(sampleOf(text, `live_room_callback_not_stored_total{callback="${callback}"}`)).toBe(0);
    }
    for (const job of JOB_NAMES) expect(sampleOf(text, `live_room_job_failed_total{scheduled_job="${job}"}`)).toBe(0);
  });

  test('a call to IM that is given up', async () => {
    const host = await newPerson(stage());
    const roomId = await goLive(host);
    stage().im.fail({ command: 'destroy_group', errorCode: 10007 });
    await host.must('rooms/destroy_room', { roomId });
    stage().im.clear();
    expect(await counted('outbox_gave_up_total')).toBe(1);
  });

  test('a callback that is refused', async () => {
    await imCallback(stage(), stateChange('1', 'Login', stage().clock.now()), { token: 'wrong' });
    expect(await counted('callback_refused_total{callback="callbacks/im"}')).toBe(1);
    expect(await counted('callback_refused_total{callback="callbacks/trtc"}')).toBe(0);
  });

  test('a job that fails, and nothing else', async () => {
    await meddle(stage().services.database.forRequest(), 'DROP TABLE throttles');
    await stage().maintain();
    expect(await counted('job_failed_total{scheduled_job="throttles"}')).toBe(1);
    const failed = (await read()).match(/^live_room_job_failed_total\{.*\} [1-9]/gm);
    expect(failed).toHaveLength(1);
  });
});

test('without a token there is no such page', async () => {
  const service = await startService('sqlite');
  expect((await get(service, '/metrics', { authorization })).status).toBe(404);
  await service.close();
});

test('a service that is not configured is alive and not ready', async () => {
  const service = await startService('sqlite', { env: { TRTC_TIM_SECRET: '' } });
  expect((await get(service, '/livez')).status).toBe(200);
  expect((await get(service, '/readyz')).status).toBe(503);
  await service.close();
});
