/** The TDSQL-C serverless cluster: found by name, bought when missing, its limits adjusted when they differ. */
import { minutes } from './clock';
import { orAbsent } from './cloud';
import { findCluster, type ListedCluster } from './clusters';
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
}

/** Waits until the cluster runs and has an address. */
async function running(context: Context, id: string): Promise<Cluster> {
  const waiting = { what: `cluster ${id} to run`, timeout: minutes(20), usually: '2 to 6 minutes after buying' };
  return waitFor(context, waiting, async () => {
    const detail = (await orAbsent(context.cloud.cynosdb('DescribeClusterDetail', { ClusterId: id })))?.Detail;
    if (detail?.Status !== 'running' || !detail.Vip || !detail.Vport) return undefined;
    return { id, host: detail.Vip, port: detail.Vport };
  });
}

/** Wakes a paused cluster: it refuses work on its accounts while it sleeps. */
export async function wake(context: Context, id: string): Promise<void> {
  const { cloud } = context;
  let asked = false;
  const waiting = { what: `cluster ${id} to wake`, timeout: minutes(5), usually: 'half a minute' };
  await waitFor(context, waiting, async () => {
    const status = (await cloud.cynosdb('DescribeClusterDetail', { ClusterId: id })).Detail?.ServerlessStatus;
    if (status === 'pause' && !asked) {
      await cloud.cynosdb('ResumeServerless', { ClusterId: id });
      asked = true;
    }
    return status === undefined || status === '' || status === 'resume' ? true : undefined;
  });
}

/** What of the limits differs from serverless.yml, as the request that corrects it; undefined where nothing does. */
export async function limitsToChange({ cloud, settings }: Context, id: string) {
  const { minCpu, maxCpu, pauseAfterSeconds } = settings.cluster;
  const strategy = await cloud.cynosdb('DescribeServerlessStrategy', { ClusterId: id });
  const { InstanceSet = [] } = await cloud.cynosdb('DescribeInstances', {
    Filters: [{ Names: ['ClusterId'], Values: [id], ExactMatch: true }],
  });
  const main = InstanceSet[0];
  const pauses = strategy.AutoPause !== 'no';
  const samePause = pauses === pauseAfterSeconds > 0 && (!pauses || strategy.AutoPauseDelay === pauseAfterSeconds);
  const sameSize = main?.MinCpu === undefined || (main.MinCpu === minCpu && main.MaxCpu === maxCpu);
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
      'delete it for good with `npx sls remove --delete-data`.',
  );
}

async function buy(context: Context): Promise<{ id: string; network: Network }> {
  const { settings } = context;
  const pending = await unfinishedOrder(context);
  if (pending !== undefined) return { id: pending, network: await ensureNetwork(context) };
  // Whether it can be bought is known before anything is made for it.
  const place = await choosePlace(context, settings.vpc && (await zoneOf(context, settings.vpc.subnetId)));
  const network = await ensureNetwork(context, place.zone);
  return { id: await order(context, network, place), network };
}

function forgetOrder({ state }: Context): void {
  const { deal, orderedAt: _orderedAt, ...rest } = state.read();
  if (deal !== undefined) state.write(rest);
}

/** Makes or finds the cluster and the network it is in. */
export async function ensureCluster(context: Context): Promise<{ cluster: Cluster; network: Network }> {
  const { cloud, report } = context;
  const found = await findCluster(context);
  if (found) checkNotDeleted(found);
  const made = found ? { id: found.id, network: await ensureNetwork(context) } : undefined;
  const title = found ? 'Database cluster' : 'Database cluster: buying one';
  const { cluster, network } = await report.step(
    title,
    async () => {
      const { id, network } = made ?? (await buy(context));
      return { cluster: await running(context, id), network };
    },
    ({ cluster: { id } }) => (found ? `Database cluster ${id}` : `Database cluster ${id} runs`),
  );
  forgetOrder(context);
  const change = found && (await limitsToChange(context, cluster.id));
  if (change) {
    await cloud.cynosdb('ModifyServerlessStrategy', change);
    report.note('✔ Limits of the database cluster changed');
  }
  return { cluster, network };
}
