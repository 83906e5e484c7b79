/** Finds clusters by name or id in the list: others found the request for a single cluster unreliable. */
import type { Context } from './context';
import type { Network } from './network';

export interface ListedCluster {
  readonly id: string;
  readonly name: string;
  /** creating, running, isolating, isolated … */
  readonly status: string;
  /** resume, resuming, pause, pausing. */
  readonly activity: string;
  /** Undefined while the list does not show it. */
  readonly network: Network | undefined;
}

const gone = new Set(['offlined', 'deleted']);
const going = new Set(['offlining', 'deleting']);

/** The API cannot filter by cluster name. */
async function search(
  { cloud }: Context,
  wanted: (cluster: ListedCluster) => boolean,
): Promise<ListedCluster | undefined> {
  for (let offset = 0; ; offset += 100) {
    const page = await cloud.cynosdb('DescribeClusters', { DbType: 'MYSQL', Limit: 100, Offset: offset });
    const clusters = (page.ClusterSet ?? []).map(
      ({ ClusterId, ClusterName, Status, ServerlessStatus, VpcId, SubnetId }) => ({
        id: ClusterId,
        name: ClusterName,
        status: Status,
        activity: ServerlessStatus ?? '',
        network: networkOf({ VpcId, SubnetId }),
      }),
    );
    const found = clusters.find((cluster) => wanted(cluster) && !gone.has(cluster.status));
    if (found) return found;
    if (clusters.length < 100) return undefined;
  }
}

/** Undefined if either id is missing. */
export function networkOf({ VpcId, SubnetId }: { VpcId?: string | undefined; SubnetId?: string | undefined }) {
  return VpcId && SubnetId ? { vpcId: VpcId, subnetId: SubnetId } : undefined;
}

/** The cluster of this service and stage, or undefined. */
export function findCluster(context: Context): Promise<ListedCluster | undefined> {
  return search(context, ({ name, status }) => name === context.settings.name && !going.has(status));
}

/** A cluster that is listed, in any state. */
export function findClusterById(context: Context, id: string): Promise<ListedCluster | undefined> {
  return search(context, (cluster) => cluster.id === id);
}
