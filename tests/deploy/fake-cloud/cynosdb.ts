/**
 * cynosdb of the fake cloud: serverless clusters that take their time. Behind each of them is a real MySQL server, in
 * which databases, accounts and rights are really made.
 */
import { createConnection } from 'mysql2/promise';
import type {
  CreateAccountsRequest,
  CreateClusterDatabaseRequest,
  CreateClustersRequest,
  DescribeAccountsRequest,
  DescribeClusterDetailRequest,
  DescribeInstancesRequest,
  DescribeResourcesByDealNameRequest,
  ModifyAccountPrivilegesRequest,
  ModifyServerlessStrategyRequest,
  ResetAccountPasswordRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cynosdb/v20190107/cynosdb_models';
import type { MysqlAccess } from '../../../testkit/mysql-server';
import { Refusal } from './refusal';
import type { Vpc } from './vpc';
import { type Handlers, newId, Status, transition, type World } from './world';

interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly deal: string;
  readonly order: CreateClustersRequest;
  readonly status: Status;
  readonly serverless: Status;
  /** Until then no list and no order shows the cluster. */
  readonly visibleAt: number;
  strategy: ModifyServerlessStrategyRequest;
  readonly accounts: Set<string>;
  readonly databases: Set<string>;
}

export interface Cynosdb {
  readonly handlers: Handlers;
  resources(): string[];
  /** How many clusters were ever bought. */
  readonly bought: () => number;
  /** Drops what was made in the real server. */
  destroy(): Promise<void>;
  /** The cluster goes to sleep, as after an hour without connections. */
  pause(): void;
}

const threeClasses = (text: string) =>
  [/[a-z]/, /[A-Z]/, /\d/, /[~!@#$%^&*_\-+=`|(){}[\]:;'<>,.?/]/].filter((pattern) => pattern.test(text)).length >= 3;

function checkPassword(password: string | undefined): void {
  if (password === undefined || password.length < 8 || password.length > 64 || !threeClasses(password)) {
    throw new Refusal('InvalidParameterValue.InvalidPassword', 'the password is too weak');
  }
}

export function createCynosdb({ region, uin, appId }: World, vpc: Vpc, mysql: MysqlAccess): Cynosdb {
  const clusters = new Map<string, Cluster>();
  let orders = 0;
  vpc.inUse((subnetId) =>
    [...clusters.values()].some(({ order, status }) => order.SubnetId === subnetId && status.value !== 'deleted'),
  );

  async function sql(...statements: string[]): Promise<void> {
    const { host, port, user, password } = mysql;
    const connection = await createConnection({ host, port, user, password });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      connection.destroy();
    }
  }

  function find(id: string): Cluster {
    const cluster = clusters.get(id);
    if (!cluster || cluster.status.value === 'deleted')
      throw new Refusal('ResourceNotFound.ClusterNotFoundError', `${id} not found`);
    return cluster;
  }

  /** Accounts and databases: only in a cluster that runs and is awake. */
  function awake(id: string): Cluster {
    const cluster = find(id);
    if (cluster.status.value !== 'running')
      throw new Refusal('OperationDenied.ClusterStatusDeniedError', 'the cluster does not run');
    if (cluster.serverless.value !== 'resume') {
      throw new Refusal('OperationDenied.ServerlessClusterStatusDenied', 'the cluster is paused');
    }
    return cluster;
  }

  function summary(cluster: Cluster) {
    const { id, name, order, status, serverless } = cluster;
    const started = status.value !== 'creating';
    return {
      ClusterId: id,
      ClusterName: name,
      Status: status.value,
      StatusDesc: status.value,
      ServerlessStatus: serverless.value,
      Region: region,
      Zone: order.Zone,
      DbType: 'MYSQL',
      DbMode: 'SERVERLESS',
      DbVersion: order.DbVersion,
      Vip: started ? mysql.host : '',
      Vport: started ? mysql.port : 0,
      VpcId: order.VpcId,
      SubnetId: order.SubnetId,
      Uin: uin,
      AppId: Number(appId),
    };
  }

  const visible = () =>
    [...clusters.values()].filter(({ visibleAt, status }) => Date.now() >= visibleAt && status.value !== 'deleted');

  const handlers: Handlers = {
    DescribeZones: () => ({
      RegionSet: [
        {
          Region: region,
          RegionId: 1,
          RegionZh: '广州',
          DbType: 'MYSQL',
          Modules: [],
          ZoneSet: [
            { Zone: `${region}-3`, ZoneId: 100003, IsSupportServerless: 0, IsSupportNormal: 1, HasPermission: true },
            { Zone: `${region}-6`, ZoneId: 100006, IsSupportServerless: 1, IsSupportNormal: 1, HasPermission: true },
          ],
        },
      ],
    }),
    DescribeServerlessInstanceSpecs: () => ({
      Specs: [
        { MinCpu: 0.25, MaxCpu: 0.5, MaxStorageSize: 500, IsDefault: 1, HasStock: true },
        { MinCpu: 0.25, MaxCpu: 1, MaxStorageSize: 1000, IsDefault: 0, HasStock: true },
        { MinCpu: 0.5, MaxCpu: 2, MaxStorageSize: 1000, IsDefault: 0, HasStock: true },
      ],
    }),
    CreateClusters: (order: CreateClustersRequest) => {
      vpc.check(order.VpcId, order.SubnetId);
      if (order.Zone !== `${region}-6`)
        throw new Refusal('InvalidParameterValue.InvalidZoneId', 'not sold in this zone');
      if (order.DbMode !== 'SERVERLESS' || order.MinCpu === undefined) {
        throw new Refusal('InvalidParameterValue.InvalidDbMode', 'this account buys serverless clusters only');
      }
      checkPassword(order.AdminPassword);
      orders += 1;
      const cluster: Cluster = {
        id: newId('cynosdbmysql'),
        name: order.ClusterName ?? '',
        deal: `20261123${String(orders).padStart(8, '0')}`,
        order,
        status: new Status('creating', 'running', 3 * transition),
        serverless: new Status('resume', 'resume'),
        visibleAt: Date.now() + transition,
        strategy: { ClusterId: '', AutoPause: order.AutoPause ?? 'yes', AutoPauseDelay: order.AutoPauseDelay ?? 600 },
        accounts: new Set(),
        databases: new Set(),
      };
      cluster.strategy = {
        ...cluster.strategy,
        ClusterId: cluster.id,
        MinCpu: order.MinCpu,
        MaxCpu: order.MaxCpu ?? 1,
      };
      clusters.set(cluster.id, cluster);
      return { TranId: newId('tran'), DealNames: [cluster.deal], BigDealIds: [], ClusterIds: [], ResourceIds: [] };
    },
    DescribeResourcesByDealName: ({ DealName }: DescribeResourcesByDealNameRequest) => {
      const cluster = visible().find(({ deal }) => deal === DealName);
      if (!cluster) throw new Refusal('InvalidParameterValue.DealNameNotFound', 'the order is not found');
      return { BillingResourceInfos: [{ ClusterId: cluster.id, InstanceIds: [`${cluster.id}-i`], DealName }] };
    },
    DescribeClusters: () => ({ TotalCount: visible().length, ClusterSet: visible().map(summary) }),
    DescribeClusterDetail: ({ ClusterId }: DescribeClusterDetailRequest) => ({ Detail: summary(find(ClusterId)) }),
    DescribeServerlessStrategy: ({ ClusterId }: { ClusterId: string }) => {
      const { AutoPause, AutoPauseDelay } = find(ClusterId).strategy;
      return { AutoPause, AutoPauseDelay };
    },
    ModifyServerlessStrategy: (request: ModifyServerlessStrategyRequest) => {
      const cluster = find(request.ClusterId);
      cluster.strategy = { ...cluster.strategy, ...request };
      return { FlowId: 1 };
    },
    DescribeInstances: ({ Filters }: DescribeInstancesRequest) => {
      const cluster = find(Filters?.[0]?.Values[0] ?? '');
      const { MinCpu, MaxCpu } = cluster.strategy;
      return { TotalCount: 1, InstanceSet: [{ InstanceId: `${cluster.id}-i`, ClusterId: cluster.id, MinCpu, MaxCpu }] };
    },
    ResumeServerless: ({ ClusterId }: { ClusterId: string }) => {
      find(ClusterId).serverless.change('resuming', 'resume');
      return { FlowId: 1 };
    },
    CreateClusterDatabase: async ({ ClusterId, DbName, CharacterSet, CollateRule }: CreateClusterDatabaseRequest) => {
      const { databases } = awake(ClusterId);
      if (databases.has(DbName)) throw new Refusal('InvalidParameterValue.DbNameAlreadyExist', `${DbName} exists`);
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
      return { TaskId: 1 };
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
      if (!accounts.has(Account.AccountName))
        throw new Refusal('InvalidParameterValue.AccountNotExistError', 'no account');
      for (const { Db, Privileges } of DatabasePrivileges) {
        if (!databases.has(Db)) throw new Refusal('InvalidParameterValue.DbNotExist', `no ${Db}`);
        await sql(`GRANT ${Privileges.join(', ')} ON \`${Db}\`.* TO '${Account.AccountName}'@'${Account.Host ?? '%'}'`);
      }
      return {};
    },
    IsolateCluster: ({ ClusterId }: { ClusterId: string }) => {
      find(ClusterId).status.change('isolating', 'isolated');
      return { FlowId: 1 };
    },
    OfflineCluster: async ({ ClusterId }: { ClusterId: string }) => {
      const cluster = find(ClusterId);
      if (cluster.status.value !== 'isolated')
        throw new Refusal('OperationDenied.ClusterStatusDeniedError', 'isolate it first');
      await drop(cluster);
      cluster.status.change('offlining', 'deleted');
      return { FlowId: 1 };
    },
  };
  const drop = ({ databases, accounts }: Cluster) =>
    sql(
      ...[...databases].map((name) => `DROP DATABASE IF EXISTS \`${name}\``),
      ...[...accounts].map((name) => `DROP USER IF EXISTS '${name}'@'%'`),
    );

  return {
    handlers,
    destroy: async () => {
      for (const cluster of clusters.values()) await drop(cluster);
    },
    resources: () => [...clusters.values()].filter(({ status }) => status.value !== 'deleted').map(({ id }) => id),
    bought: () => orders,
    pause: () => {
      for (const { serverless } of clusters.values()) serverless.change('pause', 'pause');
    },
  };
}
