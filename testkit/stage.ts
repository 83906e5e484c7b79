/** A service with a frozen clock, signed callbacks and fakes of IM and TRTC: what a presence test plays on. */

import { columns, sql } from '../src/data/engine/sql';
import { runMaintenance } from '../src/rules/jobs/maintenance';
import type { DatabaseKind } from './database-copies';
import { type FakeIm, startFakeIm } from './fake-im';
import { type FakeTrtc, startFakeTrtc } from './fake-trtc';
import type { Room } from './people';
import { newPerson, type Person } from './people';
import { APP_ID, APP_SECRET, DrivenClock, type Service, type ServiceOptions, startService } from './service';
import { look } from './statements';
import { CALLBACK_ENV } from './vendor';

export const START = Date.UTC(2026, 10, 23, 12);
export const CLOUD_KEY = { secretId: 'AKIDpresencetests000', secretKey: 'presence-tests-secret-key' } as const;

export interface Stage extends Service {
  im: FakeIm;
  trtc: FakeTrtc;
  /** Time passes for everybody. */
  wait(seconds: number): void;
  /** One run of the scheduled work, as the timer does it. */
  maintain(): Promise<Record<string, unknown>>;
  /** The ids that query_room shows to `person`. */
  listed(person: Person): Promise<string[]>;
  detail(person: Person, roomId: string): Promise<Room>;
  members(person: Person, roomId: string): Promise<string[]>;
  outbox(): Promise<{ kind: string; target: string; attempts: number }[]>;
}

export async function startStage(
  kind: DatabaseKind,
  options: Pick<ServiceOptions, 'env' | 'sameDatabaseAs' | 'writeCode'> = {},
): Promise<Stage> {
  const clock = new DrivenClock();
  clock.freeze(START);
  const im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET, clock: clock.now });
  const trtc = await startFakeTrtc({ ...CLOUD_KEY, sdkAppIds: [APP_ID] });
  const env = {
    ...CALLBACK_ENV,
    TIM_ENDPOINT: im.url,
    TRTC_ENDPOINT: trtc.url,
    TRTC_SECRET_ID: CLOUD_KEY.secretId,
    TRTC_SECRET_KEY: CLOUD_KEY.secretKey,
    ...options.env,
  };
  const service = await startService(kind, { ...options, clock, env });
  const members: Stage['members'] = async (person, roomId) => {
    const list = await person.must<{ userId: string }[]>('rooms/list_users', { roomId, limit: 100 });
    return list.map((user) => user.userId).sort();
  };
  return {
    ...service,
    get services() {
      return service.services;
    },
    im,
    trtc,
    wait: (seconds) => clock.advance(seconds * 1000),
    maintain: () => runMaintenance(service.services, { budgetMs: 20_000 }),
    listed: async (person) =>
      (await person.must<Room[]>('rooms/query_room', { limit: 100 })).map((room) => room.roomId).sort(),
    detail: (person, roomId) => person.must<Room>('rooms/room_detail', { roomId }),
    members,
    outbox: () => {
      const db = service.services.database.forRequest();
      const item = columns('outbox', 'o', ['kind', 'target', 'attempts']);
      return look(db, item, sql`SELECT ${item} FROM outbox o ORDER BY o.id`);
    },
    close: async () => {
      await service.close();
      await Promise.all([im.stop(), trtc.stop()]);
    },
  };
}

/** A stage for the tests of one block. */
export function useStage(kind: DatabaseKind, options: Parameters<typeof startStage>[1] = {}): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await startStage(kind, options);
  });
  afterAll(() => stage?.close());
  return () => {
    if (!stage) throw new Error('the stage has not been started');
    return stage;
  };
}

/** Somebody who is live in the room of the own id, and a viewer in it. Neither app has beaten yet. */
export async function newLive(stage: Service): Promise<{ anchor: Person; viewer: Person; roomId: string }> {
  const [anchor, viewer] = await Promise.all([newPerson(stage), newPerson(stage)]);
  const roomId = anchor.userId;
  await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
  await viewer.must('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' });
  return { anchor, viewer, roomId };
}

export function heartbeat(person: Person): Promise<unknown> {
  return person.must('auth_users/user_keepalive');
}
