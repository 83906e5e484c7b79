/**
 * cynosdb of the fake cloud: serverless clusters that take their time. Behind each of them is a real MySQL server, in
 * which databases, accounts and rights are really made.
 */
import { createConnection } from 'mysql2/promise';
import type {
  CreateClustersRequest,
  DescribeClusterDetailRequest,
  DescribeInstancesRequest,
  DescribeResourcesByDealNameRequest,
  ModifyServerlessStrategyRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cynosdb/v20190107/cynosdb_models';
import type { Network } from '../../../deploy/network';
import type { MysqlAccess } from '../../../testkit/mysql-server';
import type { Account } from './account';
import { accountHandlers, checkPassword, type Inside } from './cynosdb-accounts';
import { createSales } from './cynosdb-sales';
import { Refusal } from './refusal';
import type { Vpc } from './vpc';
import { type Handlers, newId, Status, takes, type World } from './world';

interface Cluster extends Inside {
  readonly id: string;
  readonly name: string;
  readonly deal: string;
  order: CreateClustersRequest;
  readonly status: Status;
  readonly serverless: Status;
  /** No list and no order shows the cluster before this time. */
  readonly visibleAt: number;
  /** Billing does not know the deal yet, at the first attempt to give the cluster back. */
  dealUnknown: boolean;
  /** The first attempt to take it out of the recycle bin fails. */
  flowFails: boolean;
  strategy: ModifyServerlessStrategyRequest;
}

export interface Cynosdb {
  readonly handlers: Handlers;
  resources(): string[];
  /** Zones that have nothing in stock. */
  readonly soldOut: Set<string>;
  /** The number of clusters bought so far. */
  readonly bought: () => number;
  /** Drops the databases and accounts that were created in the real server. */
  destroy(): Promise<void>;
  /** The cluster is paused, as after an hour without connections. */
  pause(): void;
  /** Every cluster is in this network now. */
  move(network: Network): void;
}

interface Neighbours {
  readonly account: Account;
  readonly vpc: Vpc;
  readonly mysql: MysqlAccess;
}

const notRunning = [
  'OperationDenied.InstanceStatusDeniedError',
  'ResourceUnavailable.InstanceStatusAbnormal',
  'OperationDenied.ServerlessInstanceStatusDenied',
  'InternalError.UnknownError',
];
const paused = ['OperationDenied.ServerlessInstanceStatusDenied', ...notRunning];

export function createCynosdb(world: World, { account, vpc, mysql }: Neighbours): Cynosdb {
  const { region, uin, appId } = world;
  const { handlers: handlersOfSales, sells, soldOut } = createSales(world);
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
    // Others got this for a cluster that had just been deleted.
    if (cluster?.status.value === 'deleted') {
      throw new Refusal(['InternalError.DbOperationFailed', 'InternalError.SystemError'], 'record not found');
    }
    if (!cluster) throw new Refusal('ResourceNotFound.ClusterNotFoundError', `${id} not found`);
    return cluster;
  }

  /** Accounts and databases exist only in a cluster that runs and is awake. */
  function awake(id: string): Cluster {
    const cluster = find(id);
    if (cluster.status.value !== 'running') throw new Refusal(notRunning, 'the cluster does not run');
    if (cluster.serverless.value !== 'resume') throw new Refusal(paused, 'the cluster is paused');
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
    [...clusters.values()].filter(({ visibleAt, status }) => world.now() >= visibleAt && status.value !== 'deleted');

  const handlers: Handlers = {
    ...handlersOfSales,
    CreateClusters: (order: CreateClustersRequest) => {
      const { Zone } = vpc.check(order.VpcId, order.SubnetId);
      if (Zone !== order.Zone) throw new Refusal('InvalidParameterValue.SubnetNotFound', 'the subnet is elsewhere');
      if (soldOut.has(order.Zone)) throw new Refusal('InvalidParameterValue.InvalidSpec', 'sold out');
      if (!sells.has(order.Zone))
        throw new Refusal('InvalidParameterValue.InvalidZoneIdError', 'not sold in this zone');
      if (order.DbMode !== 'SERVERLESS' || order.MinCpu === undefined) {
        throw new Refusal(
          'InvalidParameterValue.InvalidParameterValueError',
          'this account buys serverless clusters only',
        );
      }
      checkPassword(order.AdminPassword);
      account.charge(order.AutoVoucher === 1);
      orders += 1;
      const cluster: Cluster = {
        id: newId('cynosdbmysql'),
        name: order.ClusterName ?? '',
        deal: `20261123${String(orders).padStart(8, '0')}`,
        order,
        status: new Status(world, 'creating', 'running', takes.clusterBuilt),
        serverless: new Status(world, 'resume', 'resume'),
        visibleAt: world.now() + world.span(takes.orderListed),
        dealUnknown: true,
        flowFails: true,
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
    DescribeClusterDetail: ({ ClusterId }: DescribeClusterDetailRequest) => {
      const cluster = find(ClusterId);
      // Listed a moment before its details are there.
      if (world.now() < cluster.visibleAt + world.span(takes.details)) {
        throw new Refusal('InternalError.DbOperationFailed', 'record not found');
      }
      return { Detail: summary(cluster) };
    },
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
      const cluster = clusters.get(Filters?.[0]?.Values[0] ?? '');
      if (!cluster) return { TotalCount: 0, InstanceSet: [] };
      const { MinCpu, MaxCpu } = cluster.strategy;
      return { TotalCount: 1, InstanceSet: [{ InstanceId: `${cluster.id}-i`, ClusterId: cluster.id, MinCpu, MaxCpu }] };
    },
    ResumeServerless: ({ ClusterId }: { ClusterId: string }) => {
      find(ClusterId).serverless.change('resuming', 'resume', takes.resuming);
      return { FlowId: 1 };
    },
    ...accountHandlers(world, { awake, sql }),
    IsolateCluster: ({ ClusterId }: { ClusterId: string }) => {
      const cluster = find(ClusterId);
      if (cluster.dealUnknown) {
        cluster.dealUnknown = false;
        throw new Refusal('FailedOperation.TradeCreateOrderError', 'not found valid deal');
      }
      if (cluster.serverless.value !== 'resume') {
        throw new Refusal('OperationDenied.ClusterOpNotAllowedError', 'the cluster is paused');
      }
      cluster.status.change('isolating', 'isolated', takes.isolating);
      return { FlowId: 1 };
    },
    OfflineCluster: async ({ ClusterId }: { ClusterId: string }) => {
      const cluster = find(ClusterId);
      if (cluster.status.value !== 'isolated')
        throw new Refusal('OperationDenied.ClusterOpNotAllowedError', 'isolate it first');
      if (cluster.flowFails) {
        cluster.flowFails = false;
        throw new Refusal('FailedOperation.FlowCreateError', 'IsolateInstanceFlow failed');
      }
      await drop(cluster);
      cluster.status.change('offlining', 'deleted', takes.offlining);
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
    soldOut,
    destroy: async () => {
      for (const cluster of clusters.values()) await drop(cluster);
    },
    resources: () => [...clusters.values()].filter(({ status }) => status.value !== 'deleted').map(({ id }) => id),
    bought: () => orders,
    move: ({ vpcId, subnetId }) => {
      for (const cluster of clusters.values()) cluster.order = { ...cluster.order, VpcId: vpcId, SubnetId: subnetId };
    },
    pause: () => {
      for (const { serverless } of clusters.values()) serverless.change('pause', 'pause');
    },
  };
}
