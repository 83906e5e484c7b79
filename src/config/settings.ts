/**
 * Every setting of the service, once. From here come the loader and the Config type, `.env.example`, docs/settings.md and
 * .zh-CN.md (`npm run docs`; a test fails if they differ), what `sls deploy` passes to the functions, and the reports of
 * misspelt and ignored variables.
 *
 * To add one: put an entry into a file of settings/ with one of the kinds of setting.ts, for example
 *
 *     roomsPerOwner: integer('ROOMS_PER_OWNER', 3, { en: 'Open rooms of one person; 0 = no limit.', zh: '…', min: 0, max: 1000 }),
 *
 * and run `npm run docs`. `config.roomsPerOwner` is there then, typed and checked (`config.presence.…` for the group of that
 * name). A new group: a file, a line in GROUPS, and one in PLAIN. A setting that each tenant has for itself goes into
 * TENANT_SETTINGS (settings/application.ts) and is in every tenant. `null` as the fallback means "not given"; the effective value
 * is said in config.ts. `needs` and `conflicts` name other variables (setting.ts).
 */
import type { Group, Setting } from './setting';
import { accounts } from './settings/accounts';
import { application, callbacks, identity } from './settings/application';
import { captcha, codeLimits, delivery } from './settings/codes';
import { database } from './settings/database';
import { operators } from './settings/operators';
import { review } from './settings/review';
import { presence, rooms } from './settings/rooms';
import { server } from './settings/server';
import { statistics } from './settings/statistics';
import { uploads } from './settings/uploads';

/** Documents list the groups in this order. */
export const GROUPS = {
  application,
  callbacks,
  database,
  accounts,
  identity,
  captcha,
  delivery,
  codeLimits,
  uploads,
  rooms,
  presence,
  statistics,
  operators,
  review,
  server,
} satisfies Record<string, Group>;

/** Settings that Config has as they are. */
export const PLAIN = { ...rooms.settings, ...statistics.settings, ...operators.settings };

/** Those of `config.codes`. */
export const CODES = { ...captcha.settings, ...delivery.settings, ...codeLimits.settings };

export const ALL_SETTINGS: readonly Setting<unknown>[] = Object.values(GROUPS).flatMap((group: Group) =>
  Object.values(group.settings),
);

/** Variables that others read: the platform, its tools and deploy. They are no mistakes for one of ours. */
export const FOREIGN_NAMES = /^(TENCENT_|TENCENTCLOUD_|SCF_|QCLOUD_|SERVERLESS_|LEGACY_)/;
