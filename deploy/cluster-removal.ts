/** Deletes a cluster with its data. Two steps, because the cloud moves it to a recycle bin first. */
import { minutes } from './clock';
import { CloudError, isAbsent } from './cloud-errors';
import { wake } from './cluster-wake';
import { findClusterById, type ListedCluster } from './clusters';
import { isOneOf, otherBusyCodes } from './codes';
import type { Context } from './context';
import { waitFor, waitUntil } from './wait';

/** Soon after buying, billing does not know the deal: "not found valid deal" at IsolateCluster. */
const unknownDeal = 'FailedOperation.TradeCreateOrderError';

/** Repeats `act` for five minutes while the refusal can pass; `refused` runs after each refusal. */
async function insist(
  context: Context,
  { what, act, refused }: { what: string; act: () => Promise<unknown>; refused?: () => Promise<void> },
): Promise<void> {
  let last: unknown;
  const accepted = await waitUntil(context, { what, timeout: minutes(5), usually: 'a few seconds' }, async () => {
    try {
      await act();
      return true;
    } catch (error) {
      if (isAbsent(error)) return true;
      if (!(error instanceof CloudError) || !isOneOf([...otherBusyCodes, unknownDeal], error.code)) throw error;
      last = error;
      await refused?.();
      return undefined;
    }
  });
  if (!accepted) throw last;
}

/** A paused cluster may refuse to be isolated; it is woken once and asked again. */
async function isolate(context: Context, { id }: ListedCluster): Promise<void> {
  let woken = false;
  await insist(context, {
    what: `cluster ${id} to be given back`,
    act: () => context.cloud.cynosdb('IsolateCluster', { ClusterId: id }),
    refused: async () => {
      const paused = (await findClusterById(context, id))?.activity.startsWith('paus');
      if (!paused || woken) return;
      woken = true;
      await wake(context, id);
    },
  });
}

/** Others met "IsolateInstanceFlow failed" here, soon after the cluster was listed as isolated. */
async function offline(context: Context, id: string): Promise<void> {
  try {
    await insist(context, {
      what: `cluster ${id} to leave the recycle bin`,
      act: () => context.cloud.cynosdb('OfflineCluster', { ClusterId: id }),
    });
  } catch (error) {
    // The work may have been done even if its response was lost or was a refusal.
    if ((await findClusterById(context, id))?.status === 'isolated') throw error;
  }
}

/** A cluster that is off the list is gone: others found that the request for the one cluster then fails in several ways. */
export async function removeCluster(context: Context, cluster: ListedCluster): Promise<void> {
  const { id, status } = cluster;
  if (status !== 'isolated' && status !== 'isolating') await isolate(context, cluster);
  const usually = '1 to 3 minutes';
  await waitFor(context, { what: `cluster ${id} to stop`, timeout: minutes(10), usually }, async () => {
    const now = await findClusterById(context, id);
    return now === undefined || now.status === 'isolated' ? true : undefined;
  });
  if (await findClusterById(context, id)) await offline(context, id);
  await waitFor(context, { what: `cluster ${id} to be deleted`, timeout: minutes(10), usually }, async () =>
    (await findClusterById(context, id)) ? undefined : true,
  );
}
