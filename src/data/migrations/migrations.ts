/**
 * The versions of the schema, for both databases. Each is applied once, in order, under a lock, and can be applied again
 * after it stopped half-way (MySQL commits every CREATE by itself). They are loaded when there is one to apply.
 */
import type { Migration } from 'kysely';
import type { Kind } from './tables';

const MIGRATIONS: Readonly<Record<string, () => Promise<(kind: Kind) => Migration>>> = {
  '0001_initial_tables': async () => (await import('./0001-initial-tables')).initialTables,
  '0002_room_lease': async () => (await import('./0002-room-lease')).roomLease,
  '0003_operators': async () => (await import('./0003-operators')).operators,
  '0004_webhooks': async () => (await import('./0004-webhooks')).webhooks,
  '0005_sign_in_codes': async () => (await import('./0005-sign-in-codes')).signInCodes,
  '0006_statistics': async () => (await import('./0006-statistics')).statistics,
  '0007_throttles': async () => (await import('./0007-throttles')).throttles,
  '0008_accounts': async () => (await import('./0008-accounts')).accounts,
  '0009_presence': async () => (await import('./0009-presence')).presence,
  '0010_webhook_secrets': async () => (await import('./0010-webhook-secrets')).webhookSecrets,
  '0011_broadcast_clean_up': async () => (await import('./0011-broadcast-clean-up')).broadcastCleanUp,
  '0012_no_blank_broadcasts': async () => (await import('./0012-no-blank-broadcasts')).noBlankBroadcasts,
  '0013_hosts': async () => (await import('./0013-hosts')).hosts,
  '0014_im_said': async () => (await import('./0014-im-said')).imSaid,
  '0015_operators_pages': async () => (await import('./0015-operators-pages')).operatorsPages,
  '0016_review': async () => (await import('./0016-review')).review,
  '0017_member_events': async () => (await import('./0017-member-events')).memberEvents,
  '0018_own_service': async () => (await import('./0018-own-service')).ownService,
  '0019_signatures': async () => (await import('./0019-signatures')).signatures,
  '0020_commits': async () => (await import('./0020-commits')).commits,
  '0021_deleted_people': async () => (await import('./0021-deleted-people')).deletedPeople,
};

/** All migrations, in order. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS).sort();

export async function migrationsFor(kind: Kind): Promise<Record<string, Migration>> {
  const loaded = Object.entries(MIGRATIONS).map(async ([name, load]) => [name, (await load())(kind)] as const);
  return Object.fromEntries(await Promise.all(loaded));
}
