/** @jest-config-loader esbuild-register */
/**
 * Tests run from TypeScript sources. TEST_DATABASES=mysql or mariadb,
 * without sqlite, runs only what touches that server; TEST_MYSQL_URL only what can run on a server that was there before.
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

function testMatch(): string[] {
  if (TEST_MYSQL_URL !== '')
    return filesThat((text) => /onBothDatabases|sharedMysql/.test(text) && !/startMysqlServer/.test(text));
  if (TEST_DATABASES === '' || TEST_DATABASES.includes('sqlite')) return ['**/*.test.ts'];
  return filesThat((text) => /onBothDatabases|describeWithMysql/.test(text));
}

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: testMatch(),
  globalSetup: '<rootDir>/testkit/global-setup.ts',
  globalTeardown: '<rootDir>/testkit/global-teardown.ts',
  transform: {
    '\\.[jt]s$': ['ts-jest', { tsconfig: 'tests/tsconfig.jest.json', diagnostics: false }],
  },
  testTimeout: 30_000,
  maxWorkers: 2,
};

// biome-ignore lint/style/noDefaultExport: the form that jest reads
export default config;
