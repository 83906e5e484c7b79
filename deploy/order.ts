/**
 * Buys the TDSQL-C serverless cluster, once. The response has the number of a deal; the lists show the cluster later. If the
 * outcome is unknown (no response, an internal error), deploy assumes an order and searches for its cluster for ten minutes: a
 * second cluster would cost money every second.
 */
import { randomBytes } from 'node:crypto';
import { minutes } from './clock';
import { isAbsent, isInDoubt } from './cloud-errors';
import { findCluster } from './clusters';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import type { Network } from './network';
import { waitFor, waitUntil } from './wait';
import type { Place } from './zones';

/** Time from sending an order until its cluster must be listed. */
const doubtFor = minutes(10);
const orders = 'https://console.cloud.tencent.com/expense/deal';

/** 32 characters of three classes, none of which needs quoting anywhere. */
export function generatePassword(): string {
  return `Lr-${randomBytes(21).toString('base64url').replaceAll('_', '-')}9`;
}

/** Follows an order until it has become a cluster. */
async function clusterOfDeal(context: Context, deal: string): Promise<string> {
  const what = `order ${deal} to become a cluster`;
  return waitFor(context, { what, timeout: minutes(10), usually: '1 to 2 minutes' }, async () => {
    try {
      const { BillingResourceInfos } = await context.cloud.cynosdb('DescribeResourcesByDealName', { DealName: deal });
      return BillingResourceInfos?.[0]?.ClusterId;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
}

/**
 * The cluster of an order without a deal number; undefined if `doubtFor` passed without a cluster, so there was no order.
 */
async function clusterInDoubt(context: Context, orderedAt: number): Promise<string | undefined> {
  const left = orderedAt + doubtFor - context.clock.now();
  const what = 'a cluster that may have been ordered to show up';
  const look = async () => (await findCluster(context))?.id;
  if (left <= 0) return look();
  return waitUntil(context, { what, timeout: left, usually: '1 to 5 minutes' }, look);
}

/** The cluster of an earlier deploy's order; undefined if there is none. */
export async function unfinishedOrder(context: Context): Promise<string | undefined> {
  const { deal, orderedAt } = context.state.read();
  if (deal === undefined) return undefined;
  if (deal !== '') return clusterOfDeal(context, deal);
  return clusterInDoubt(context, orderedAt ?? context.clock.now());
}

function forget({ state }: Context): void {
  const { deal: _deal, orderedAt: _orderedAt, fresh: _fresh, ...rest } = state.read();
  state.write(rest);
}

function requestFor({ settings }: Context, network: Network, place: Place) {
  const { version, minCpu, maxCpu, pauseAfterSeconds, securityGroups } = settings.cluster;
  return {
    Zone: place.zone,
    VpcId: network.vpcId,
    SubnetId: network.subnetId,
    ProjectId: 0,
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
    StorageLimit: place.storageLimit,
    InstanceCount: 1,
    RollbackStrategy: 'noneRollback',
    Port: 3306,
    PayMode: 0,
    // Lets an account pay that has vouchers and no money.
    AutoVoucher: 1,
    // The password of root, which nothing uses: not stored; the console can set another one.
    AdminPassword: generatePassword(),
    ClusterParams: [
      { ParamName: 'character_set_server', CurrentValue: 'utf8mb4', OldValue: '' },
      { ParamName: 'lower_case_table_names', CurrentValue: '0', OldValue: '' },
    ],
    ...(securityGroups.length === 0 ? {} : { SecurityGroupIds: [...securityGroups] }),
  };
}

/** Sends the order. Returns the number of the deal, or '' if the outcome is unknown. */
async function send(context: Context, network: Network, place: Place): Promise<string> {
  const { cloud, report, state } = context;
  try {
    const { DealNames } = await cloud.cynosdb('CreateClusters', requestFor(context, network, place));
    const deal = DealNames?.[0] ?? '';
    state.write({ ...state.read(), deal });
    return deal;
  } catch (error) {
    if (!isInDoubt(error)) {
      forget(context);
      throw error;
    }
    report.warn(
      `${error instanceof Error ? error.message : ''}\nThe order may have gone through; looking for its cluster.`,
    );
    return '';
  }
}

/** Buys the cluster and returns its id. Throws DeployError if it stays unknown whether one was bought. */
export async function order(context: Context, network: Network, place: Place): Promise<string> {
  const { clock, state } = context;
  const orderedAt = clock.now();
  state.write({ ...state.read(), deal: '', orderedAt, fresh: true });
  const deal = await send(context, network, place);
  if (deal !== '') return clusterOfDeal(context, deal);
  const id = await clusterInDoubt(context, orderedAt);
  if (id !== undefined) return id;
  forget(context);
  throw new DeployError(
    `The cloud did not say whether the order of the cluster went through, and no cluster of it has shown up. See ${orders} ` +
      'whether there is one; if not, run the same command again.',
  );
}
