/**
 * One random story of an account, made from its seed: faults of the cloud at random, commands that are interrupted, changes
 * in serverless.yml and in the console in between. After each command the same checks run.
 */
import { createConnection } from 'mysql2/promise';
import type { RandomAccount } from './random-account';

const rounds = 3;
const attempts = 15;

/** The expected state of the account, carried from command to command. */
interface Expected {
  version: number;
  /** '' = no function is deployed. */
  url: string;
  adminKey: string;
  dataKeys: string;
}

/** `200 2`: the status and the version. */
async function served(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${/"version":"(\d+)"/.exec(await response.text())?.[1] ?? ''}`;
}

/** Throws unless the deployed account can use its database. */
async function checkDatabase(variables: Readonly<Record<string, string>>): Promise<void> {
  const { MYSQL_HOST: host = '', MYSQL_PORT: port, MYSQL_USER: user = '', MYSQL_PASSWORD: password = '' } = variables;
  const database = variables['MYSQL_DB'] ?? '';
  const connection = await createConnection({ host, port: Number(port), user, password, database });
  connection.destroy();
}

async function deployUntilDone(account: RandomAccount, expected: Expected): Promise<void> {
  const { random } = account;
  for (let attempt = 1; ; attempt += 1) {
    if (attempt < 4 && random.chance(0.35)) account.interruptAfter(random.between(0, 140));
    const before = expected.url === '' ? undefined : await served(expected.url);
    const failure = await account.deploy(String(expected.version));
    if (failure === undefined) return;
    if (attempt === attempts) throw failure;
    // The version before still serves, or the new one already does.
    if (before !== undefined) expect([before, `200 ${expected.version}`]).toContain(await served(expected.url));
    await account.repair();
  }
}

async function checkDeployed(account: RandomAccount, expected: Expected): Promise<void> {
  expected.url = account.url();
  expect(await served(expected.url)).toBe(`200 ${expected.version}`);
  expect([account.cloud.cynosdb.bought(), account.cloud.cynosdb.resources().length]).toEqual([1, 1]);
  expect(account.cloud.vpc.resources().filter((id) => id.startsWith('vpc-'))).toHaveLength(1);
  const variables = account.variables();
  await checkDatabase(variables);
  const { ADMIN_KEY: adminKey = '', DATA_KEYS: dataKeys = '' } = variables;
  expect(account.printed('admin key')).toContain(adminKey);
  expect(account.printed('data keys')).toContain(dataKeys);
  expect([adminKey, dataKeys]).toEqual([expected.adminKey || adminKey, expected.dataKeys || dataKeys]);
  Object.assign(expected, { adminKey, dataKeys });
}

/** The functions and logs go, the cluster stays with its data. */
async function removeFunctions(account: RandomAccount, expected: Expected): Promise<void> {
  const cluster = account.cloud.cynosdb.resources();
  await account.remove(false);
  expect(account.cloud.cynosdb.resources()).toEqual(cluster);
  await expect(fetch(expected.url)).rejects.toThrow();
  Object.assign(expected, { url: '', adminKey: '' });
}

/** The last deploy again: nothing is changed. */
async function checkUnchanged(account: RandomAccount, expected: Expected): Promise<void> {
  account.calm();
  const start = account.cloud.calls.length;
  expect(await account.deploy(String(expected.version))).toBeUndefined();
  expect(account.changesSince(start)).toEqual([]);
}

/** Throws if a check fails; the same seed gives the same story. */
export async function tellStory(account: RandomAccount): Promise<void> {
  const { random } = account;
  const expected: Expected = { version: 1, url: '', adminKey: '', dataKeys: '' };
  for (let round = 1; round <= rounds; round += 1) {
    account.shake();
    expected.version += random.between(0, 1);
    await account.changeSomething();
    await deployUntilDone(account, expected);
    await checkDeployed(account, expected);
    if (random.chance(0.3)) await account.look();
    if (round < rounds && random.chance(0.25)) await removeFunctions(account, expected);
  }
  await checkUnchanged(account, expected);
  await account.removeAll();
  expect(account.cloud.resources()).toEqual([]);
}
