/**
 * Databases, accounts and rights in the clusters of the fake cloud: really made, in the MySQL server behind them. An
 * account is listed before the task that makes it is done, and takes no rights until then.
 */
import type {
  CreateAccountsRequest,
  CreateClusterDatabaseRequest,
  DescribeAccountsRequest,
  DescribeTasksRequest,
  ModifyAccountPrivilegesRequest,
  ResetAccountPasswordRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cynosdb/v20190107/cynosdb_models';
import { Refusal } from './refusal';
import { type Handlers, takes, type World } from './world';

const threeClasses = (text: string) =>
  [/[a-z]/, /[A-Z]/, /\d/, /[~!@#$%^&*_\-+=`|(){}[\]:;'<>,.?/]/].filter((pattern) => pattern.test(text)).length >= 3;

export function checkPassword(password: string | undefined): void {
  if (password === undefined || password.length < 8 || password.length > 64 || !threeClasses(password)) {
    throw new Refusal('InvalidParameterValue.IllegalPassword', 'the password is too weak');
  }
}

export interface Inside {
  readonly accounts: Set<string>;
  readonly databases: Set<string>;
}

export interface AccountHost {
  /** Throws Refusal unless the cluster runs and is awake. */
  awake(id: string): Inside;
  sql(...statements: string[]): Promise<void>;
}

export function accountHandlers(world: World, { awake, sql }: AccountHost): Handlers {
  const tasks = new Map<number, number>();
  return {
    CreateClusterDatabase: async ({ ClusterId, DbName, CharacterSet, CollateRule }: CreateClusterDatabaseRequest) => {
      const { databases } = awake(ClusterId);
      if (databases.has(DbName))
        throw new Refusal('InvalidParameterValue.InvalidParameterValueError', `${DbName} exists`);
      await sql(`CREATE DATABASE \`${DbName}\` CHARACTER SET ${CharacterSet} COLLATE ${CollateRule}`);
      databases.add(DbName);
      return {};
    },
    DescribeClusterDatabases: ({ ClusterId }: { ClusterId: string }) => {
      const Databases = [...awake(ClusterId).databases];
      return { TotalCount: Databases.length, Offset: 0, Limit: 100, Databases };
    },
    CreateAccounts: async ({ ClusterId, Accounts }: CreateAccountsRequest) => {
      const { accounts } = awake(ClusterId);
      for (const { AccountName, AccountPassword, Host } of Accounts) {
        if (accounts.has(AccountName))
          throw new Refusal('InvalidParameterValue.AccountAlreadyExistError', `${AccountName} exists`);
        checkPassword(AccountPassword);
        await sql(`CREATE USER '${AccountName}'@'${Host}' IDENTIFIED BY '${AccountPassword}'`);
        accounts.add(AccountName);
      }
      const TaskId = tasks.size + 1;
      tasks.set(TaskId, world.now() + world.span(takes.task));
      return { TaskId };
    },
    DescribeTasks: ({ Filters }: DescribeTasksRequest) => {
      const ID = Number(Filters?.find(({ Names }) => Names?.includes('TaskId'))?.Values[0]);
      const until = tasks.get(ID);
      const Status = until !== undefined && world.now() >= until ? 'success' : 'running';
      return { TotalCount: until === undefined ? 0 : 1, TaskList: until === undefined ? [] : [{ ID, Status }] };
    },
    DescribeAccounts: ({ ClusterId, AccountNames }: DescribeAccountsRequest) => {
      const AccountSet = [...awake(ClusterId).accounts]
        .filter((name) => AccountNames?.includes(name) ?? true)
        .map((AccountName) => ({ AccountName, Host: '%' }));
      return { TotalCount: AccountSet.length, AccountSet };
    },
    ResetAccountPassword: async ({ ClusterId, AccountName, AccountPassword, Host }: ResetAccountPasswordRequest) => {
      if (!awake(ClusterId).accounts.has(AccountName))
        throw new Refusal('InvalidParameterValue.AccountNotExistError', `no ${AccountName}`);
      checkPassword(AccountPassword);
      await sql(`ALTER USER '${AccountName}'@'${Host ?? '%'}' IDENTIFIED BY '${AccountPassword}'`);
      return {};
    },
    ModifyAccountPrivileges: async ({
      ClusterId,
      Account,
      DatabasePrivileges = [],
    }: ModifyAccountPrivilegesRequest) => {
      const { accounts, databases } = awake(ClusterId);
      // Listed, and not there yet.
      const unfinished = [...tasks.values()].some((until) => world.now() < until);
      if (unfinished || !accounts.has(Account.AccountName))
        throw new Refusal('InvalidParameterValue.AccountNotExistError', 'no account');
      for (const { Db, Privileges } of DatabasePrivileges) {
        if (!databases.has(Db)) throw new Refusal('InvalidParameterValue.ParamError', `no ${Db}`);
        await sql(`GRANT ${Privileges.join(', ')} ON \`${Db}\`.* TO '${Account.AccountName}'@'${Account.Host ?? '%'}'`);
      }
      return {};
    },
  };
}
