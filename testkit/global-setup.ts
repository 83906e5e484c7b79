/** Starts the one MySQL server (or cluster) of a jest run before the first test; global-teardown.ts ends it. */
import { startGalera } from './galera';
import { runsOneServer, shareMysql, startSharedMysql, usesGalera } from './mysql-server';
import { runState } from './run-state';

async function startCluster(): Promise<{ stop(): Promise<void> }> {
  const cluster = await startGalera();
  const [first] = cluster.nodes;
  shareMysql({ ...first, nodes: cluster.nodes.map(({ host, port }) => `${host}:${port}`) });
  return cluster;
}

// jest takes the default export of this file.
// biome-ignore lint/style/noDefaultExport: the interface of jest.
export default async function globalSetup(): Promise<void> {
  const shared = await (usesGalera ? startCluster() : startSharedMysql());
  if (shared) runState().mysql = shared;
  if (runsOneServer) {
    // Loads the service's stores, which a run without a server need not wait for.
    const { makeOriginal } = await import('./database-copies');
    await makeOriginal();
  }
}
