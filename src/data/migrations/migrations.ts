/**
 * The versions of the schema, for both databases. Each is applied once, in order, under a lock, and can be applied again
 * after it stopped half-way (MySQL commits every CREATE by itself).
 */
import { type Kysely, type Migration, type MigrationProvider, sql } from 'kysely';
import { initialTables } from './0001-initial-tables';
import { roomLease } from './0002-room-lease';
import { operators } from './0003-operators';
import { webhooks } from './0004-webhooks';
import { signInCodes } from './0005-sign-in-codes';
import { statistics } from './0006-statistics';
import { throttles } from './0007-throttles';
import { accounts } from './0008-accounts';
import { presence } from './0009-presence';
import { webhookSecrets } from './0010-webhook-secrets';
import { broadcastCleanUp } from './0011-broadcast-clean-up';
import { noBlankBroadcasts } from './0012-no-blank-broadcasts';
import { hosts } from './0013-hosts';
import { imSaid } from './0014-im-said';
import { operatorsPages } from './0015-operators-pages';
import { review } from './0016-review';
import { memberEvents } from './0017-member-events';
import { ownService } from './0018-own-service';
import { signatures } from './0019-signatures';
import { commits } from './0020-commits';
import { deletedPeople } from './0021-deleted-people';
import type { Kind } from './tables';

function migrationsFor(kind: Kind): Record<string, Migration> {
  return {
    '0001_initial_tables': initialTables(kind),
    '0002_room_lease': roomLease(kind),
    '0003_operators': operators(kind),
    '0004_webhooks': webhooks(kind),
    '0005_sign_in_codes': signInCodes(kind),
    '0006_statistics': statistics(kind),
    '0007_throttles': throttles(kind),
    '0008_accounts': accounts(kind),
    '0009_presence': presence(kind),
    '0010_webhook_secrets': webhookSecrets(kind),
    '0011_broadcast_clean_up': broadcastCleanUp(kind),
    '0012_no_blank_broadcasts': noBlankBroadcasts(),
    '0013_hosts': hosts(kind),
    '0014_im_said': imSaid(kind),
    '0015_operators_pages': operatorsPages(kind),
    '0016_review': review(kind),
    '0017_member_events': memberEvents(kind),
    '0018_own_service': ownService(kind),
    '0019_signatures': signatures(kind),
    '0020_commits': commits(kind),
    '0021_deleted_people': deletedPeople(kind),
  };
}

/** All migrations, in order. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(migrationsFor('sqlite')).sort();

/** The names in the database; none before the first migration. */
export async function appliedMigrations(db: Kysely<unknown>): Promise<readonly string[]> {
  const names = sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db);
  // Other faults of the database show with the first migration.
  const found = await names.catch(() => undefined);
  return found ? found.rows.map(({ name }) => name) : [];
}

/** `applied` may have names that a later release has added: Kysely refuses a database with migrations it does not know. */
export function migrationProvider(kind: Kind, applied: readonly string[]): MigrationProvider {
  const known = migrationsFor(kind);
  const later = applied.filter((name) => !Object.hasOwn(known, name)).map((name) => [name, { up: async () => {} }]);
  return { getMigrations: async () => ({ ...known, ...Object.fromEntries(later) }) };
}
