/** Starts the one MySQL server of a jest run before the first test; global-teardown.ts ends it. */
import { startSharedMysql } from './mysql-server';
import { runState } from './run-state';

// jest takes the default export of this file.
// biome-ignore lint/style/noDefaultExport: the interface of jest.
export default async function globalSetup(): Promise<void> {
  const shared = await startSharedMysql();
  if (shared) runState().mysql = shared;
}
