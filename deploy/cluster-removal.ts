/** Deletes a cluster with its data, for good. Two steps, because the cloud moves it to a recycle bin first. */
import { minutes } from './clock';
import { CloudError, isAbsent } from './cloud-errors';
import { findClusterById, type ListedCluster } from './clusters';
import type { Context } from './context';
import { waitFor, waitUntil } from './wait';

/** Soon after buying, billing does not know the deal yet; and the work of isolating fails now and then. Others met both. */
const passing = /not found valid deal|IsolateInstanceFlow/i;

async function isolate(context: Context, id: string): Promise<void> {
  let last: unknown;
  const waiting = { what: `cluster ${id} to be given back`, timeout: minutes(5), usually: 'a few seconds' };
  const accepted = await waitUntil(context, waiting, async () => {
    try {
      await context.cloud.cynosdb('IsolateCluster', { ClusterId: id });
      return true;
    } catch (error) {
      if (isAbsent(error)) return true;
      if (!(error instanceof CloudError) || !passing.test(error.message)) throw error;
      last = error;
      return undefined;
    }
  });
  if (!accepted) throw last;
}

/** Off the list is gone: others found that asking for the one cluster then fails in several ways. */
export async function removeCluster(context: Context, { id, status }: ListedCluster): Promise<void> {
  if (status !== 'isolated' && status !== 'isolating') await isolate(context, id);
  const usually = '1 to 3 minutes';
  await waitFor(context, { what: `cluster ${id} to stop`, timeout: minutes(10), usually }, async () => {
    const now = await findClusterById(context, id);
    return now === undefined || now.status === 'isolated' ? true : undefined;
  });
  try {
    await context.cloud.cynosdb('OfflineCluster', { ClusterId: id });
  } catch (error) {
    // Done all the same, where its answer was lost: then it is on its way out.
    if ((await findClusterById(context, id))?.status === 'isolated') throw error;
  }
  await waitFor(context, { what: `cluster ${id} to be deleted`, timeout: minutes(10), usually }, async () =>
    (await findClusterById(context, id)) ? undefined : true,
  );
}
