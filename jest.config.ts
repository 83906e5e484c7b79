/**
 * Tests run from TypeScript sources; jose is the one dependency that ships ES modules only. TEST_DATABASES=mysql or mariadb,
 * without sqlite, runs only what touches that server; TEST_MYSQL_URL only what can run on a server that was there before.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const { TEST_DATABASES = '', TEST_MYSQL_URL = '' } = process.env;

/** The test files whose text fits: what a test touches is what it asks the testkit for. */
function filesThat(fits) {
  const names = readdirSync(join(root, 'tests'), { recursive: true }).filter((name) => name.endsWith('.test.ts'));
  return names
    .map((name) => join(root, 'tests', name))
    .filter((file) => !file.includes('/deploy/') && fits(readFileSync(file, 'utf8')));
}

function testMatch() {
  if (TEST_MYSQL_URL !== '')
    return filesThat((text) => /onBothDatabases|sharedMysql/.test(text) && !/startMysqlServer/.test(text));
  if (TEST_DATABASES === '' || TEST_DATABASES.includes('sqlite')) return ['**/*.test.ts'];
  return filesThat((text) => /onBothDatabases|describeWithMysql/.test(text));
}

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: testMatch(),
  globalSetup: '<rootDir>/testkit/global-setup.ts',
  globalTeardown: '<rootDir>/testkit/global-teardown.ts',
  transform: {
    '\\.[jt]s$': ['ts-jest', { tsconfig: 'tests/tsconfig.jest.json', diagnostics: false }],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  testTimeout: 30_000,
  maxWorkers: 2,
};
