/** Finding clusters, by name or by id, in the list: others found the question for a single one unreliable. */
import type { Context } from './context';

export interface ListedCluster {
  readonly id: string;
  readonly name: string;
  /** creating, running, isolating, isolated … */
  readonly status: string;
  /** resume, resuming, pause, pausing. */
  readonly activity: string;
}

const gone = new Set(['offlined', 'deleted']);
const going = new Set(['offlining', 'deleting']);

/** The API cannot filter by cluster name. */
async function search(
  { cloud }: Context,
  wanted: (cluster: ListedCluster) => boolean,
): Promise<ListedCluster | undefined> {
  for (let offset = 0; ; offset += 100) {
    const { ClusterSet = [] } = await cloud.cynosdb('DescribeClusters', {
      DbType: 'MYSQL',
      Limit: 100,
      Offset: offset,
    });
    const clusters = ClusterSet.map(({ ClusterId, ClusterName, Status, ServerlessStatus }) => ({
      id: ClusterId,
      name: ClusterName,
      status: Status,
      activity: ServerlessStatus ?? '',
    }));
    const found = clusters.find((cluster) => wanted(cluster) && !gone.has(cluster.status));
    if (found) return found;
    if (ClusterSet.length < 100) return undefined;
  }
}

/** The cluster of this service and stage, or undefined. */
export function findCluster(context: Context): Promise<ListedCluster | undefined> {
  return search(context, ({ name, status }) => name === context.settings.name && !going.has(status));
}

/** A cluster that is still listed, in whatever state. */
export function findClusterById(context: Context, id: string): Promise<ListedCluster | undefined> {
  return search(context, (cluster) => cluster.id === id);
}
