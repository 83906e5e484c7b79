/**
 * The database and the account inside the cluster, and the variables by which the functions reach them.
 * The functions' environment is the only place of the account's password: they need it there, every deployer gets it, and
 * no file can leak. If no function has it (first deploy, or functions removed and the database kept), the account gets a new
 * password.
 */
import { minutes } from './clock';
import { isDuplicate } from './cloud-errors';
import { type Cluster, ensureCluster } from './cluster';
import { wake } from './cluster-wake';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { databaseVariables, type Variables } from './environment';
import { ensureNetwork, type Network } from './network';
import { generatePassword } from './order';
import { waitFor } from './wait';

const accountName = 'liveroom';
const databaseName = 'live_room';
const anyHost = '%';

export interface DatabaseOptions {
  /** The environment of a function that is deployed already. */
  readonly deployed: Variables;
  /** Give the account a new password. */
  readonly rotate: boolean;
  /** The keys of an earlier deployment's data are known, or new ones are wanted. */
  readonly keysKnown: boolean;
}

async function databaseExists({ cloud }: Context, clusterId: string): Promise<boolean> {
  const { Databases } = await cloud.cynosdb('DescribeClusterDatabases', { ClusterId: clusterId, Limit: 100 });
  return Databases?.includes(databaseName) ?? false;
}

async function accountExists({ cloud }: Context, clusterId: string): Promise<boolean> {
  const { AccountSet } = await cloud.cynosdb('DescribeAccounts', { ClusterId: clusterId, AccountNames: [accountName] });
  return AccountSet?.some(({ AccountName }) => AccountName === accountName) ?? false;
}

async function createDatabase(context: Context, clusterId: string): Promise<void> {
  try {
    await context.cloud.cynosdb('CreateClusterDatabase', {
      ClusterId: clusterId,
      DbName: databaseName,
      CharacterSet: 'utf8mb4',
      CollateRule: 'utf8mb4_general_ci',
    });
  } catch (error) {
    // The vendor lists no code for a database that exists already: a repeated request finds it in the list.
    if (!(await databaseExists(context, clusterId))) throw error;
  }
  await waitFor(context, { what: 'the database', timeout: minutes(5), usually: 'some seconds' }, async () =>
    (await databaseExists(context, clusterId)) ? true : undefined,
  );
}

/** An account is listed before the task that makes it is done, and takes no rights until then. */
async function taskDone(context: Context, taskId: number): Promise<void> {
  const waiting = { what: 'the database account', timeout: minutes(5), usually: 'some seconds' };
  await waitFor(context, waiting, async () => {
    const { TaskList } = await context.cloud.cynosdb('DescribeTasks', {
      Filters: [{ Names: ['TaskId'], Values: [String(taskId)], ExactMatch: true }],
    });
    const task = TaskList?.find(({ ID }) => ID === undefined || ID === taskId);
    if (task?.Status === 'success') return true;
    if (!/fail|abnormal|cancel/i.test(task?.Status ?? '')) return undefined;
    throw new DeployError(`The cloud could not make the database account: ${task?.ErrMsg || 'no reason given'}.`);
  });
}

async function createAccount(context: Context, clusterId: string, password: string): Promise<void> {
  try {
    const { TaskId } = await context.cloud.cynosdb('CreateAccounts', {
      ClusterId: clusterId,
      Accounts: [
        { AccountName: accountName, AccountPassword: password, Host: anyHost, Description: context.settings.name },
      ],
    });
    if (TaskId) await taskDone(context, TaskId);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await resetPassword(context, clusterId, password);
  }
  const waiting = { what: 'the database account to be listed', timeout: minutes(5), usually: 'some seconds' };
  await waitFor(context, waiting, async () => ((await accountExists(context, clusterId)) ? true : undefined));
}

async function resetPassword({ cloud }: Context, clusterId: string, password: string): Promise<void> {
  await cloud.cynosdb('ResetAccountPassword', {
    ClusterId: clusterId,
    AccountName: accountName,
    AccountPassword: password,
    Host: anyHost,
  });
}

/** Every right inside its own database, none outside. */
async function grant({ cloud }: Context, clusterId: string): Promise<void> {
  await cloud.cynosdb('ModifyAccountPrivileges', {
    ClusterId: clusterId,
    Account: { AccountName: accountName, Host: anyHost },
    GlobalPrivileges: [],
    DatabasePrivileges: [
      {
        Db: databaseName,
        Privileges: ['ALTER', 'CREATE', 'DELETE', 'DROP', 'INDEX', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'],
      },
    ],
    TablePrivileges: [],
  });
}

function variablesFor(cluster: Cluster, password: string): Variables {
  return {
    MYSQL_HOST: cluster.host,
    MYSQL_PORT: String(cluster.port),
    MYSQL_USER: accountName,
    MYSQL_PASSWORD: password,
    MYSQL_DB: databaseName,
  };
}

const keysMissing = () =>
  new DeployError(
    'The database of an earlier deployment is still there, and its DATA_KEYS are not known.\n' +
      'Put the DATA_KEYS that its deploy and `sls remove` printed into .env, then deploy again. If it never had any, or if ' +
      'its users may lose their passwords, `npx sls deploy --rotate data-keys` makes new ones.',
  );

/** Makes or finds database and account in the cluster; returns the MYSQL_* variables. */
async function serverlessDatabase(context: Context, cluster: Cluster, options: DatabaseOptions): Promise<Variables> {
  const { report, state } = context;
  const { deployed } = options;
  const rotate = options.rotate || state.read().rotating === true;
  const known = deployed['MYSQL_USER'] === accountName && deployed['MYSQL_HOST'] === cluster.host;
  // Functions that have a password were made after database and account.
  if (known && !rotate && deployed['MYSQL_PASSWORD']) return variablesFor(cluster, deployed['MYSQL_PASSWORD']);
  const password = generatePassword();
  await report.step(
    'Database and account',
    async () => {
      await wake(context, cluster.id);
      if (!options.keysKnown && !state.read().fresh && (await accountExists(context, cluster.id))) throw keysMissing();
      if (!(await databaseExists(context, cluster.id))) await createDatabase(context, cluster.id);
      if (rotate) state.write({ ...state.read(), rotating: true });
      if (await accountExists(context, cluster.id)) await resetPassword(context, cluster.id, password);
      else await createAccount(context, cluster.id, password);
      await grant(context, cluster.id);
    },
    () => `Database ${databaseName}, account ${accountName}${rotate ? ' with a new password' : ''}`,
  );
  return variablesFor(cluster, password);
}

/** The functions have the password: an interrupted rotation, or first deploy, is over. */
export function passwordDelivered({ state }: Context): void {
  const { rotating, fresh, ...rest } = state.read();
  if (rotating || fresh) state.write(rest);
}

export interface Database {
  /** The MYSQL_* variables for the functions. */
  readonly variables: Variables;
  readonly network: Network | undefined;
}

/** The database and the network that leads to it. An existing database is neither changed nor read. */
export async function ensureDatabase(context: Context, options: DatabaseOptions): Promise<Database> {
  const { env, settings } = context;
  if (settings.database === 'serverless') {
    const cluster = await ensureCluster(context);
    return { variables: await serverlessDatabase(context, cluster, options), network: cluster.network };
  }
  const network = settings.vpc && (await ensureNetwork(context));
  return {
    variables: Object.fromEntries(databaseVariables.flatMap((key) => (env[key] ? [[key, env[key]]] : []))),
    network,
  };
}
