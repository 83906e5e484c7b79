/** Starts the one MySQL server (or cluster) of a jest run before the first test; global-teardown.ts ends it. */
import { type DatabaseKind, shareOriginal } from './database-copies';
import { startGalera } from './galera';
import { runsOneServer, shareMysql, startSharedMysql, usesGalera, usesSqlite } from './mysql-server';
import { runState } from './run-state';

async function startCluster(): Promise<{ stop(): Promise<void> }> {
  const cluster = await startGalera();
  const [first] = cluster.nodes;
  shareMysql({ ...first, nodes: cluster.nodes.map(({ host, port }) => `${host}:${port}`) });
  return cluster;
}

/** Makes the tables of a database that tests get copies of. */
async function makeOriginal(kind: DatabaseKind): Promise<void> {
  // Loads the service's stores, which a run on a cluster need not wait for.
  const { openDatabase, whenMigrated } = await import('./database');
  const { source, env, remove } = openDatabase(kind);
  await whenMigrated(source);
  // A closed embedded database is one file, without a write-ahead log.
  await source.close();
  shareOriginal(kind, (kind === 'mysql' ? env['MYSQL_DB'] : env['SQLITE_PATH']) ?? '');
  if (kind === 'sqlite') runState().removeOriginal = remove;
  else remove();
}

// jest takes the default export of this file.
// biome-ignore lint/style/noDefaultExport: the interface of jest.
export default async function globalSetup(): Promise<void> {
  const shared = await (usesGalera ? startCluster() : startSharedMysql());
  if (shared) runState().mysql = shared;
  if (runsOneServer) await makeOriginal('mysql');
  if (usesSqlite) await makeOriginal('sqlite');
}
