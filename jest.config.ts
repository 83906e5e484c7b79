/** @jest-config-loader esbuild-register */
/**
 * Tests run from TypeScript sources. TEST_DATABASES=mysql or mariadb, without sqlite, runs only what touches that server;
 * galera, and TEST_MYSQL_URL, only what can run on servers that were there before, and galera what is about a cluster;
 * group-replication only the outages of a cluster.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from 'jest';

const { TEST_DATABASES = '', TEST_MYSQL_URL = '' } = process.env;

/** The test files whose text fits: what a test touches is what it asks the testkit for. */
function filesThat(fits: (text: string) => boolean): string[] {
  const folder = join(__dirname, 'tests');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return names
    .map((name) => join(folder, name))
    .filter((file) => !file.includes('/deploy/') && fits(readFileSync(file, 'utf8')));
}

/** Compares whole answers, and the ids in them are others on a cluster. */
const NOT_ON_GALERA = 'every-way-in.test.ts';
const onGalera = TEST_DATABASES.includes('galera');
const onGroupReplication = TEST_DATABASES.includes('group-replication');

/** `npm test` is to be quick: half a minute of starting and stopping servers; a minute of checking types twice (`npm run rehearse`). */
const NOT_IN_NPM_TEST = ['/tests/cluster/', '/tests/contributing/compile'];

function testMatch(): string[] {
  if (onGroupReplication) return filesThat((text) => /describeWithCluster/.test(text));
  if (onGalera || TEST_MYSQL_URL !== '') {
    const onShared = (text: string) => /onBothDatabases/.test(text) && !/startMysqlServer/.test(text);
    const files = filesThat((text) => onShared(text) || (onGalera && /describeWith(Galera|Cluster)/.test(text)));
    return files.filter((file) => !(onGalera && file.endsWith(NOT_ON_GALERA)));
  }
  if (TEST_DATABASES === '' || TEST_DATABASES.includes('sqlite')) return ['**/*.test.ts'];
  return filesThat((text) => /onBothDatabases|describeWithMysql/.test(text));
}

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: testMatch(),
  testPathIgnorePatterns: ['/node_modules/', ...(onGalera || onGroupReplication ? [] : NOT_IN_NPM_TEST)],
  globalSetup: '<rootDir>/testkit/global-setup.ts',
  globalTeardown: '<rootDir>/testkit/global-teardown.ts',
  transform: { '\\.[jt]s$': '<rootDir>/scripts/transform-for-jest.mjs' },
  // Lookups on the global object are slow inside a test; MySQL's grammar looks Math up for every hash.
  sandboxInjectedGlobals: ['Math'],
  // Only ends what hangs: on a busy machine a test may take ten times as long as on an idle one.
  testTimeout: 300_000,
  // One more than cores on a small machine: half of the time of many files is waiting, for servers and for time to pass.
  maxWorkers: 3,
  // A worker ends when nothing is open any more; half a second, the default, is little on a busy machine.
  workerGracefulExitTimeout: 15_000,
};

// biome-ignore lint/style/noDefaultExport: the form that jest reads
export default config;
