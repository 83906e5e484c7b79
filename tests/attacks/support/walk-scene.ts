/**
 * The stage of the walk over all endpoints: two processes of the service on one database, this one and another; one service that
 * prepares and has no limits; and the vendors on loopback, whose calls are counted.
 */

import type { Database } from '../../../src/data/engine/database';
import { columns, raw, sql } from '../../../src/data/engine/sql';
import { PRIVACY } from '../../../src/data/privacy';
import type { DatabaseKind } from '../../../testkit/database-copies';
import { type DrivenProcess, startDrivenProcess } from '../../../testkit/driven-process';
import { type FakeCodesVendor, startFakeCodesVendor, uploadEnv, vendorEnv } from '../../../testkit/fake-codes-vendor';
import { AUDIENCE, assemble, hmacOf } from '../../../testkit/fake-identity';
import { type FakeIm, startFakeIm } from '../../../testkit/fake-im';
import { startFakeIms } from '../../../testkit/fake-moderation';
import { startFakeTrtc } from '../../../testkit/fake-trtc';
import { ADMIN_KEY, adminAsk, operatorOf, type TestOperator } from '../../../testkit/operator';
import { goLive, newPeople, newPerson, type Person } from '../../../testkit/people';
import {
  APP_ID,
  APP_SECRET,
  DrivenClock,
  jsonAsk,
  type Params,
  type Service,
  startService,
} from '../../../testkit/service';
import { look } from '../../../testkit/statements';
import { CALLBACK_ENV } from '../../../testkit/vendor';
import type { Envelope } from '../../../testkit/ways';

/** What calls have cost. */
export interface Spent {
  /** Rows more than before, by table. */
  rows: Record<string, number>;
  /** Calls, by vendor. */
  calls: Record<string, number>;
  /** Events for webhooks, by type. */
  events: Record<string, number>;
}

export interface Scene {
  instances: readonly [Service, DrivenProcess];
  now(): number;
  /** The time of all instances. */
  advance(ms: number): Promise<void>;
  im: FakeIm;
  vendor: FakeCodesVendor;
  operator: TestOperator;
  /** What prepares: it has no limits. */
  maker: Service;
  newcomer(): Promise<Person>;
  newcomers(count: number): Promise<Person[]>;
  /** A live room of another user. */
  room(): Promise<{ roomId: string; host: Person }>;
  idToken(subject: string): string;
  /** Asks one of the instances; calls of operators with ADMIN_KEY. */
  ask(instance: number, path: string, params: Params): Promise<Envelope>;
  /** What has been spent since the scene began. */
  meter(): Promise<Spent>;
  close(): Promise<void>;
}

const SECRET = 'a-secret-of-the-identity-provider-0001';
const ISSUER = 'https://login.example.com';
const TABLES = Object.keys(PRIVACY);
const START = Date.UTC(2026, 10, 23, 12);

/** The vendor of each action of the cloud's APIs. */
const VENDOR_OF: Readonly<Record<string, string>> = {
  GetFederationToken: 'sts',
  SendSms: 'sms',
  SendEmail: 'mail',
  DescribeCaptchaResult: 'captcha',
  DescribeCaptchaMiniResult: 'captcha',
};

const ROWS = columns('webhook_events', '', ['type', 'id']);

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function rowsByTable(db: Database): Promise<Record<string, number>> {
  const one = (table: string) => `SELECT '${table}' AS type, COUNT(*) AS id FROM ${table}`;
  const rows = await look(db, ROWS, sql`${raw(TABLES.map(one).join(' UNION ALL '))}`);
  return Object.fromEntries(rows.map(({ type, id }) => [type, Number(id)]));
}

async function eventsByType(db: Database): Promise<Record<string, number>> {
  const rows = await look(db, ROWS, sql`SELECT type, COUNT(*) AS id FROM webhook_events GROUP BY type`);
  return Object.fromEntries(rows.map(({ type, id }) => [type, Number(id)]));
}

export async function startScene(kind: DatabaseKind, limits: Readonly<Record<string, string>>): Promise<Scene> {
  const clock = new DrivenClock();
  clock.freeze(START);
  const vendor = await startFakeCodesVendor();
  const { TRTC_SECRET_ID = '', TRTC_SECRET_KEY = '' } = vendorEnv(vendor);
  const im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET, clock: clock.now });
  const trtc = await startFakeTrtc({ secretId: TRTC_SECRET_ID, secretKey: TRTC_SECRET_KEY, sdkAppIds: [APP_ID] });
  const ims = await startFakeIms({ secretId: TRTC_SECRET_ID, secretKey: TRTC_SECRET_KEY });
  const env = {
    ...vendorEnv(vendor),
    ...uploadEnv(vendor),
    ...CALLBACK_ENV,
    ADMIN_KEY,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    TIM_ENDPOINT: im.url,
    TRTC_ENDPOINT: trtc.url,
    IMS_ENDPOINT: ims.url,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_JWT_SECRET: SECRET,
    OAUTH_REGISTER: 'true',
    CUSTOM_BY_APPS: 'true',
  };
  // Its limits are off: what a burst needs is not part of it.
  const maker = await startService(kind, { clock, env });
  const first = await startService(kind, { clock, env: { ...env, ...limits }, sameDatabaseAs: maker });
  const second = await startDrivenProcess(first.env, clock.now());
  const instances = [first, second] as const;
  const operator = operatorOf(maker);
  await operator.must('change_review_settings', { enabled: true, vendorPictures: true });
  await operator.must('add_webhook', { url: 'http://127.0.0.1:9/hook', events: [] });
  return {
    instances,
    now: clock.now,
    advance: (ms) => {
      clock.advance(ms);
      return second.setTime(clock.now());
    },
    im,
    vendor,
    operator,
    maker,
    newcomer: () => newPerson(maker),
    newcomers: (count) => newPeople(maker, count),
    room: async () => {
      const host = await newPerson(maker);
      return { roomId: await goLive(host), host };
    },
    ask: (instance, path, params) => {
      const [, call] = path.split('admin/');
      const one = call === undefined ? jsonAsk(path, params) : adminAsk(call, params, ADMIN_KEY);
      return instance === 0 ? first.ask('http', one) : second.ask(one);
    },
    idToken: (sub) => {
      const seconds = Math.floor(clock.now() / 1000);
      const claims = { iss: ISSUER, aud: AUDIENCE, sub, iat: seconds, exp: seconds + 300 };
      return assemble({ alg: 'HS256', typ: 'JWT' }, claims, hmacOf(SECRET));
    },
    meter: async () => {
      const db = maker.services.database.forRequest();
      const calls = {
        im: im.calls.length,
        trtc: trtc.calls.length,
        ...counted(vendor.calls.map(({ action }) => VENDOR_OF[action] ?? action)),
      };
      return { rows: await rowsByTable(db), calls, events: await eventsByType(db) };
    },
    close: async () => {
      for (const one of [...instances, maker]) await one.close();
      await Promise.all([im.stop(), trtc.stop(), ims.stop(), vendor.stop()]);
    },
  };
}

/** `after` less `before`; what has not grown is left out. */
export function grown(before: Spent, after: Spent): Spent {
  const less = (a: Record<string, number>, b: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(a)
        .map(([name, count]) => [name, count - (b[name] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    );
  return {
    rows: less(after.rows, before.rows),
    calls: less(after.calls, before.calls),
    events: less(after.events, before.events),
  };
}
