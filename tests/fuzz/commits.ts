/** Whether anything was written, as another connection sees it. */
import { fieldsOf } from '../../src/base/fields';
import { openSqliteFile } from '../../src/data/engine/sqlite';
import type { Service } from '../../testkit/service';

/**
 * A number that changes with every commit of another connection: rolled-back
 * changes are not written (https://www.sqlite.org/pragma.html#pragma_data_version).
 */
export async function watchCommits(service: Service): Promise<() => number> {
  const { database } = service.services.config;
  if (database.kind !== 'sqlite') return () => 0;
  const watching = await openSqliteFile(database.path);
  return () => Number(Object.values(fieldsOf(watching.prepare('PRAGMA data_version').all()[0]))[0]);
}
