/**
 * The TDSQL-C serverless cluster: found by name, bought when missing, its limits adjusted when they differ.
 * Buying answers with an order number; the cluster shows up in the lists a little later.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { orAbsent } from './cloud';
import { isAbsent } from './cloud-errors';
import { type Context, minutes } from './context';
import { DeployError } from './deploy-error';
import { type Network, zoneOf } from './network';
import { waitFor } from './wait';

export interface Cluster {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** 32 characters of three classes, none of which needs quoting anywhere. */
export function generatePassword(): string {
  return `Lr-${randomBytes(21).toString('base64url').replaceAll('_', '-')}9`;
}

const gone = new Set(['offlined', 'deleted', 'offlining', 'deleting']);

/** The cluster of this service and stage with its status, or undefined. The API cannot filter by cluster name. */
export async function findCluster({ cloud, settings }: Context): Promise<{ id: string; status: string } | undefined> {
  for (let offset = 0; ; offset += 100) {
    const { ClusterSet = [] } = await cloud.cynosdb('DescribeClusters', {
      DbType: 'MYSQL',
      Limit: 100,
      Offset: offset,
    });
    const found = ClusterSet.find(({ ClusterName, Status }) => ClusterName === settings.name && !gone.has(Status));
    if (found) return { id: found.ClusterId, status: found.Status };
    if (ClusterSet.length < 100) return undefined;
  }
}

/** Follows an order until it has become a cluster. */
async function clusterOfDeal({ cloud }: Context, deal: string): Promise<string> {
  return waitFor({ what: `order ${deal}`, timeout: minutes(5) }, async () => {
    try {
      const { BillingResourceInfos } = await cloud.cynosdb('DescribeResourcesByDealName', { DealName: deal });
      return BillingResourceInfos?.[0]?.ClusterId;
    } catch (error) {
      // Documented: billing has not told the database service yet.
      if (isAbsent(error) || String(error).includes('DealNameNotFound')) return undefined;
      throw error;
    }
  });
}

/** An order of a deploy that died: by its number, or by waiting a moment for a cluster of our name to appear. */
async function unfinishedOrder(context: Context): Promise<string | undefined> {
  const { deal } = context.state.read();
  if (deal === undefined) return undefined;
  if (deal !== '') return clusterOfDeal(context, deal);
  // An order that the cloud never received leaves nothing to wait for.
  for (let pause = 200, waited = 0; waited < 30_000; waited += pause, pause = Math.min(pause * 2, 5000)) {
    const found = await findCluster(context);
    if (found) return found.id;
    await sleep(pause);
  }
  return undefined;
}

async function storageLimit({ cloud, settings }: Context, zone: string): Promise<number> {
  const { minCpu, maxCpu, storageLimitGb } = settings.cluster;
  const { Specs = [] } = await cloud.cynosdb('DescribeServerlessInstanceSpecs', { Zone: zone });
  const sold = Specs.find((spec) => spec.MinCpu === minCpu && spec.MaxCpu === maxCpu);
  if (!sold) {
    const pairs = Specs.map((spec) => `${spec.MinCpu}-${spec.MaxCpu}`).join(', ');
    throw new DeployError(
      `${zone} sells no cluster of ${minCpu} to ${maxCpu} CCU. Set provider.cluster to one of ${pairs}.`,
    );
  }
  return storageLimitGb ?? sold.MaxStorageSize ?? 1000;
}

async function order(context: Context, network: Network): Promise<string> {
  const { cloud, settings, state } = context;
  const { version, minCpu, maxCpu, pauseAfterSeconds, securityGroups } = settings.cluster;
  const zone = await zoneOf(context, network);
  const limit = await storageLimit(context, zone);
  state.write({ ...state.read(), deal: '' });
  const { DealNames } = await cloud.cynosdb('CreateClusters', {
    Zone: zone,
    VpcId: network.vpcId,
    SubnetId: network.subnetId,
    ClusterName: settings.name,
    DbType: 'MYSQL',
    DbVersion: version,
    DbMode: 'SERVERLESS',
    MinCpu: minCpu,
    MaxCpu: maxCpu,
    AutoPause: pauseAfterSeconds === 0 ? 'no' : 'yes',
    ...(pauseAfterSeconds === 0 ? {} : { AutoPauseDelay: pauseAfterSeconds }),
    // A paused cluster that is moved to an archive takes longer to wake than an app waits.
    AutoArchive: 'no',
    StorageLimit: limit,
    InstanceCount: 1,
    Port: 3306,
    PayMode: 0,
    // For root, which nothing uses: kept nowhere, can be set anew in the console.
    AdminPassword: generatePassword(),
    ClusterParams: [
      { ParamName: 'character_set_server', CurrentValue: 'utf8mb4', OldValue: '' },
      { ParamName: 'lower_case_table_names', CurrentValue: '0', OldValue: '' },
    ],
    ...(securityGroups.length === 0 ? {} : { SecurityGroupIds: [...securityGroups] }),
  });
  const deal = DealNames?.[0] ?? '';
  state.write({ ...state.read(), deal });
  return clusterOfDeal(context, deal);
}

/** Waits until the cluster runs and has an address. */
async function running({ cloud }: Context, id: string): Promise<Cluster> {
  return waitFor({ what: `cluster ${id} to run`, timeout: minutes(20) }, async () => {
    const detail = (await orAbsent(cloud.cynosdb('DescribeClusterDetail', { ClusterId: id })))?.Detail;
    if (detail?.Status !== 'running' || !detail.Vip || !detail.Vport) return undefined;
    return { id, host: detail.Vip, port: detail.Vport };
  });
}

/** Wakes a paused cluster: it refuses work on its accounts while it sleeps. */
export async function wake({ cloud }: Context, id: string): Promise<void> {
  let asked = false;
  await waitFor({ what: `cluster ${id} to wake`, timeout: minutes(5) }, async () => {
    const status = (await cloud.cynosdb('DescribeClusterDetail', { ClusterId: id })).Detail?.ServerlessStatus;
    if (status === 'pause' && !asked) {
      await cloud.cynosdb('ResumeServerless', { ClusterId: id });
      asked = true;
    }
    return status === undefined || status === '' || status === 'resume' ? true : undefined;
  });
}

/** Brings the limits of an existing cluster to what serverless.yml says. True when something was changed. */
async function adjust(context: Context, id: string): Promise<boolean> {
  const { cloud, settings } = context;
  const { minCpu, maxCpu, pauseAfterSeconds } = settings.cluster;
  const strategy = await cloud.cynosdb('DescribeServerlessStrategy', { ClusterId: id });
  const { InstanceSet = [] } = await cloud.cynosdb('DescribeInstances', {
    Filters: [{ Names: ['ClusterId'], Values: [id], ExactMatch: true }],
  });
  const main = InstanceSet[0];
  const pauses = strategy.AutoPause !== 'no';
  const samePause = pauses === pauseAfterSeconds > 0 && (!pauses || strategy.AutoPauseDelay === pauseAfterSeconds);
  const sameSize = main?.MinCpu === undefined || (main.MinCpu === minCpu && main.MaxCpu === maxCpu);
  if (samePause && sameSize) return false;
  await cloud.cynosdb('ModifyServerlessStrategy', {
    ClusterId: id,
    AutoPause: pauseAfterSeconds > 0 ? 'yes' : 'no',
    ...(pauseAfterSeconds > 0 ? { AutoPauseDelay: pauseAfterSeconds } : {}),
    ...(sameSize ? {} : { MinCpu: minCpu, MaxCpu: maxCpu }),
  });
  return true;
}

export async function ensureCluster(context: Context, network: Network): Promise<Cluster> {
  const { report, state } = context;
  const found = await findCluster(context);
  if (found?.status === 'isolated' || found?.status === 'isolating') {
    throw new DeployError(
      `Cluster ${found.id} is in the recycle bin with its data. Restore it at ` +
        'https://console.cloud.tencent.com/cynosdb, or delete it for good with `npx sls remove --delete-data`.',
    );
  }
  const cluster = await report.step(
    found ? 'Database cluster' : 'Database cluster (buying one takes a few minutes)',
    async () => {
      const id = found?.id ?? (await unfinishedOrder(context)) ?? (await order(context, network));
      return running(context, id);
    },
    ({ id }) => (found ? `Database cluster ${id}` : `Database cluster ${id} runs`),
  );
  const { deal, ...rest } = state.read();
  if (deal !== undefined) state.write(rest);
  if (found && (await adjust(context, cluster.id))) report.note('✔ Limits of the database cluster changed');
  return cluster;
}

/** Deletes the cluster with its data, for good. Two steps, because the cloud moves it to a recycle bin first. */
export async function removeCluster(context: Context, cluster: { id: string; status: string }): Promise<void> {
  const { cloud } = context;
  const status = async () =>
    (await orAbsent(cloud.cynosdb('DescribeClusterDetail', { ClusterId: cluster.id })))?.Detail?.Status ?? 'deleted';
  if (cluster.status !== 'isolated' && cluster.status !== 'isolating') {
    await cloud.cynosdb('IsolateCluster', { ClusterId: cluster.id });
  }
  await waitFor({ what: `cluster ${cluster.id} to stop`, timeout: minutes(10) }, async () =>
    (await status()) === 'isolated' ? true : undefined,
  );
  await cloud.cynosdb('OfflineCluster', { ClusterId: cluster.id });
  await waitFor({ what: `cluster ${cluster.id} to be deleted`, timeout: minutes(10) }, async () =>
    ['offlined', 'deleted'].includes(await status()) ? true : undefined,
  );
}
