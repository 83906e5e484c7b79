/** The TDSQL-C serverless cluster: found by name, bought if missing, its limits adjusted if they differ. */
import { minutes } from './clock';
import { orAbsent } from './cloud';
import { findCluster, type ListedCluster, networkOf } from './clusters';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { ensureNetwork, type Network, zoneOf } from './network';
import { order, unfinishedOrder } from './order';
import { waitFor } from './wait';
import { choosePlace } from './zones';

export interface Cluster {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** The functions must be in the same VPC. */
  readonly network: Network;
}

/** Waits until the cluster runs and has an address. */
async function running(context: Context, id: string): Promise<Cluster> {
  const waiting = { what: `cluster ${id} to run`, timeout: minutes(20), usually: '2 to 6 minutes after buying' };
  return waitFor(context, waiting, async () => {
    const detail = (await orAbsent(context.cloud.cynosdb('DescribeClusterDetail', { ClusterId: id })))?.Detail;
    const network = detail && networkOf(detail);
    if (detail?.Status !== 'running' || !detail.Vip || !detail.Vport || !network) return undefined;
    return { id, host: detail.Vip, port: detail.Vport, network };
  });
}

/** The limits that differ from serverless.yml, as the request that corrects them; undefined if none differ. */
export async function limitsToChange({ cloud, settings }: Context, id: string) {
  const { minCpu, maxCpu, pauseAfterSeconds } = settings.cluster;
  const strategy = await cloud.cynosdb('DescribeServerlessStrategy', { ClusterId: id });
  const { InstanceSet } = await cloud.cynosdb('DescribeInstances', {
    Filters: [{ Names: ['ClusterId'], Values: [id], ExactMatch: true }],
  });
  const main = InstanceSet?.[0];
  const pauses = strategy.AutoPause !== 'no';
  const samePause = pauses === pauseAfterSeconds > 0 && (!pauses || strategy.AutoPauseDelay === pauseAfterSeconds);
  const sameSize = (main?.MinCpu ?? minCpu) === minCpu && (main?.MaxCpu ?? maxCpu) === maxCpu;
  if (samePause && sameSize) return undefined;
  return {
    ClusterId: id,
    AutoPause: pauseAfterSeconds > 0 ? 'yes' : 'no',
    ...(pauseAfterSeconds > 0 ? { AutoPauseDelay: pauseAfterSeconds } : {}),
    ...(sameSize ? {} : { MinCpu: minCpu, MaxCpu: maxCpu }),
  };
}

function checkNotDeleted({ id, status }: ListedCluster): void {
  if (status !== 'isolated' && status !== 'isolating') return;
  throw new DeployError(
    `Cluster ${id} is in the recycle bin with its data. Restore it at https://console.cloud.tencent.com/cynosdb, or ` +
      'delete it permanently with `npx sls remove --delete-data`.',
  );
}

async function buy(context: Context): Promise<string> {
  const { settings } = context;
  const pending = await unfinishedOrder(context);
  if (pending !== undefined) return pending;
  // Finds a zone with stock before anything is made for the cluster.
  const place = await choosePlace(context, settings.vpc && (await zoneOf(context, settings.vpc.subnetId)));
  return order(context, await ensureNetwork(context, place.zone), place);
}

function forgetOrder({ state }: Context): void {
  const { deal, orderedAt: _orderedAt, ...rest } = state.read();
  if (deal !== undefined) state.write(rest);
}

/**
 * The network for the functions: the cluster's own, never a second one. Of provider.vpc the subnet counts, if it is in the
 * cluster's VPC.
 */
export function networkFor({ report, settings }: Context, own: Network): Network {
  const { vpc } = settings;
  if (vpc?.vpcId === own.vpcId) return vpc;
  if (vpc) report.warn(`provider.vpc is ${vpc.vpcId}, but the database is in ${own.vpcId}: the functions go there.`);
  return own;
}

/** Makes or finds the cluster, and the network it is in. */
export async function ensureCluster(context: Context): Promise<Cluster> {
  const { cloud, report } = context;
  const found = await findCluster(context);
  if (found) checkNotDeleted(found);
  const cluster = await report.step(
    found ? 'Database cluster' : 'Database cluster: buying one',
    async () => running(context, found?.id ?? (await buy(context))),
    ({ id, network }) => `Database cluster ${id}${found ? '' : ' runs'} in ${network.vpcId}, ${network.subnetId}`,
  );
  forgetOrder(context);
  const change = found && (await limitsToChange(context, cluster.id));
  if (change) {
    await cloud.cynosdb('ModifyServerlessStrategy', change);
    report.note('✔ Limits of the database cluster changed');
  }
  return { ...cluster, network: networkFor(context, cluster.network) };
}
