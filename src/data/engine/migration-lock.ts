/**
 * One process makes the schema while the others wait, whichever server of a cluster each of them has. GET_LOCK, which Kysely
 * takes, is valid on one server only and ends with its connection; so a lease in a table is taken too, which two nodes
 * cannot both write: one of the two changes is refused as a conflict.
 */
import { randomUUID } from 'node:crypto';
import { type Kysely, MysqlAdapter, sql } from 'kysely';
import { toDatabaseError } from './mysql-errors';

const POLL_MS = 200;

/** A holder gives up before this; on another server, a dead holder blocks for this long (s). */
const LEASE_SECONDS = 65;

type Lock = Parameters<MysqlAdapter['acquireMigrationLock']>[1];
// Kysely's own declaration: the migrations' database has no schema of ours.
type AnyDatabase = Parameters<MysqlAdapter['acquireMigrationLock']>[0];

export class ClusterLockAdapter extends MysqlAdapter {
  private holder = '';

  override async acquireMigrationLock(db: AnyDatabase, options: Lock): Promise<void> {
    const server = await this.lockHere(db, options);
    this.holder = `${server} ${randomUUID()}`;
    await sql`CREATE TABLE IF NOT EXISTS migration_lease (id SMALLINT NOT NULL PRIMARY KEY, holder VARCHAR(255) NOT NULL,
      until_second BIGINT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`.execute(db);
    while (!(await this.takeLease(db, server))) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }

  override async releaseMigrationLock(db: AnyDatabase, options: Lock): Promise<void> {
    await sql`UPDATE migration_lease SET until_second = 0 WHERE id = 1 AND holder = ${this.holder}`.execute(db);
    await super.releaseMigrationLock(db, options);
  }

  /** Waits for the lock of this server and returns the server's name; '' if it has no such locks. */
  private async lockHere(db: Kysely<unknown>, options: Lock): Promise<string> {
    try {
      await super.acquireMigrationLock(db, options);
      const { rows } = await sql<{ name: string }>`SELECT CONCAT(@@hostname, ':', @@port) AS name`.execute(db);
      return rows[0]?.name ?? '';
    } catch (error) {
      const sorted = toDatabaseError(error);
      if (sorted.kind !== 'other') throw sorted;
      return '';
    }
  }

  /** A previous holder on this server has died, or the lock would not be ours. */
  private async takeLease(db: Kysely<unknown>, server: string): Promise<boolean> {
    const here = server === '' ? '' : `${server.replace(/[\\%_]/g, '\\$&')} %`;
    try {
      await sql`INSERT IGNORE INTO migration_lease VALUES (1, '', 0)`.execute(db);
      const { numAffectedRows } = await sql`UPDATE migration_lease
        SET holder = ${this.holder}, until_second = UNIX_TIMESTAMP() + ${LEASE_SECONDS}
        WHERE id = 1 AND (until_second <= UNIX_TIMESTAMP() OR holder LIKE ${here})`.execute(db);
      return numAffectedRows === 1n;
    } catch (error) {
      const sorted = toDatabaseError(error);
      if (sorted.kind === 'deadlock') return false;
      throw sorted;
    }
  }
}
