/** Everything of a run but its clients: services, database, IM, the webhook receiver, and the two tenants. */
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { Caller } from '../caller';
import type { Group } from '../history';
import type { Plant } from '../plant';
import { Recorder } from '../recorder';
import { type Database, type DatabaseName, startDatabase } from './databases';
import { type Liar, startLiar } from './liar';
import { type Receiver, startReceiver } from './receiver';
import { Service } from './services';

const ADMIN_KEY = 'lrk_a-key-for-chaos-runs-that-nobody-else-has';
const IM_CALLBACK_TOKEN = 'a-token-of-im-callbacks-in-chaos';

/** Tenants by apaasAppId; '' is the default one. */
export const TENANTS = [
  { id: '', sdkAppId: 1_400_000_001, secret: 'f0e1d2c3b4a5968778695a4b3c2d1e0f0123456789abcdef' },
  { id: 'shop', sdkAppId: 1_400_000_002, secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0fedcba9876543210' },
] as const;

/** Limits are off and absence takes long: a run is about faults, and its clients come from few processes. */
const SETTINGS = {
  TRUSTED_PROXIES: '1',
  SIGN_UPS_PER_MINUTE: '0',
  SIGN_UPS_PER_DAY: '0',
  SIGN_IN_FAILURES_PER_MINUTE: '0',
  USER_QUERY_LIMIT_PER_MINUTE: '0',
  ROOM_OPENINGS_PER_MINUTE: '0',
  ROOM_OPENINGS_PER_DAY: '0',
  ROOM_IDS_PER_DAY: '0',
  SESSIONS_PER_USER: '0',
  CAPTCHA: 'off',
  CODE_DELIVERY: 'log',
  CODE_INTERVAL_SECONDS: '0',
  CODE_SENDS_PER_ADDRESS_HOUR: '0',
  CODE_SENDS_PER_ADDRESS_DAY: '0',
  CODE_SENDS_PER_IP_HOUR: '0',
  CODE_SENDS_PER_IP_DAY: '0',
  CODE_SENDS_PER_DAY: '0',
  CODE_PUMPED_PERCENT: '0',
  OWNER_TIMEOUT_SECONDS: '86400',
  MEMBER_TIMEOUT_SECONDS: '86400',
  ROOM_CLOSE_SECONDS: '86400',
  ROOM_IDLE_SECONDS: '864000',
  WEBHOOK_ALLOW_PRIVATE: 'true',
  TRTC_ENDPOINT: 'off',
  ADMIN_KEY,
  IM_CALLBACK_TOKEN,
} as const;

export interface WorldOptions {
  on: DatabaseName;
  bundle: string;
  older: string;
  plant: Plant | undefined;
}

export interface World {
  readonly recorder: Recorder;
  readonly database: Database;
  readonly services: readonly Service[];
  readonly im: FakeIm;
  readonly receiver: Receiver;
  readonly caller: Caller;
  readonly codes: ReadonlyMap<string, string>;
  readonly adminKey: string;
  /** IM's groups as they are. */
  groups(): Group[];
  stop(): Promise<void>;
}

function environment(im: FakeIm): Record<string, string> {
  const [{ sdkAppId, secret }, other] = TENANTS;
  return {
    ...SETTINGS,
    TRTC_TIM_APPID: String(sdkAppId),
    TRTC_TIM_SECRET: secret,
    TENANTS: JSON.stringify([{ apaasAppId: other.id, sdkAppId: other.sdkAppId, secret: other.secret }]),
    TIM_ENDPOINT: im.url,
  };
}

export async function startWorld({ on, bundle, older, plant }: WorldOptions): Promise<World> {
  const recorder = new Recorder();
  const [main, other] = TENANTS;
  for (const { secret } of TENANTS) recorder.keepSecret(secret, 'secret of a tenant');
  const im = await startFakeIm(main);
  im.addApp(other);
  const receiver = await startReceiver(recorder, plant?.delivery ?? ((delivery) => [delivery]));
  const database = await startDatabase(on);
  const codes = new Map<string, string>();
  const services = Array.from({ length: database.services }, (_, index) => {
    const env = { ...environment(im), ...database.env(index) };
    return new Service({ index, bundle, older, env, recorder, codes });
  });
  for (const service of services) await service.start();
  await Promise.all(services.map((service) => service.ready()));
  const liars: Liar[] = plant?.answer
    ? await Promise.all(services.map((service) => startLiar(service, plant, recorder)))
    : [];
  const caller = new Caller(recorder, liars.length > 0 ? liars : services);
  const groups = () => {
    const all = TENANTS.flatMap(({ id, sdkAppId }) =>
      [...im.groups(sdkAppId).keys()].map((groupId) => ({ tenant: id, groupId })),
    );
    return plant?.groups?.(all) ?? all;
  };
  const stop = async () => {
    caller.close();
    for (const part of [...liars, ...services, database, receiver, im]) await part.stop();
  };
  return { recorder, database, services, im, receiver, caller, codes, adminKey: ADMIN_KEY, groups, stop };
}
