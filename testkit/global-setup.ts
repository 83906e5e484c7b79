/** Starts the one MySQL server of a jest run before the first test; global-teardown.ts ends it. */
import { mysqlAvailable, shareMysql, startMysqlServer } from './mysql-server';
import { runState } from './run-state';

// jest takes the default export of this file.
// biome-ignore lint/style/noDefaultExport: the interface of jest.
export default async function globalSetup(): Promise<void> {
  if (!mysqlAvailable) return;
  const server = await startMysqlServer();
  shareMysql(server);
  runState().mysql = server;
}
