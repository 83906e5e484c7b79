/** The zones that sell serverless clusters of the wanted size. */
import type { ServerlessSpec } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cynosdb/v20190107/cynosdb_models';
import type { Context } from './context';
import { DeployError } from './deploy-error';

export interface Place {
  readonly zone: string;
  /** GB; the size limit of the storage. */
  readonly storageLimit: number;
}

const inStock = ({ HasStock, StockCount }: ServerlessSpec): boolean => HasStock !== false && StockCount !== 0;

/** The sizes in stock, for people: `0.25-0.5, 0.25-1 CCU`. */
function listed(specs: readonly ServerlessSpec[]): string {
  const pairs = specs.filter(inStock).map(({ MinCpu, MaxCpu }) => `${MinCpu}-${MaxCpu}`);
  return pairs.length === 0 ? 'nothing in stock' : `${pairs.join(', ')} CCU`;
}

/** The zones of the region that sell MySQL as serverless clusters to this account. */
async function sellingZones({ cloud, settings }: Context): Promise<string[]> {
  const { RegionSet } = await cloud.cynosdb('DescribeZones', { ShowPermission: true });
  // The list has an entry for each engine of a region.
  return (RegionSet ?? [])
    .filter(({ Region, DbType }) => Region === settings.region && DbType === 'MYSQL')
    .flatMap(({ ZoneSet }) => ZoneSet ?? [])
    .filter(
      (zone) => zone.IsSupportServerless === 1 && zone.HasPermission !== false && zone.IsSupportCreateCluster !== 0,
    )
    .flatMap(({ Zone }) => (Zone ? [Zone] : []));
}

/** `only`: the zone of the subnet in provider.vpc. Throws DeployError that names the sizes in stock. */
export async function choosePlace(context: Context, only?: string): Promise<Place> {
  const { cloud, settings } = context;
  const { minCpu, maxCpu, storageLimitGb } = settings.cluster;
  const given = only ?? (settings.zone || undefined);
  const offers: string[] = [];
  for (const zone of given === undefined ? await sellingZones(context) : [given]) {
    const { Specs: listedSpecs } = await cloud.cynosdb('DescribeServerlessInstanceSpecs', { Zone: zone });
    const specs = listedSpecs ?? [];
    const sold = specs.find((spec) => spec.MinCpu === minCpu && spec.MaxCpu === maxCpu);
    if (sold && inStock(sold)) return { zone, storageLimit: storageLimitGb ?? sold.MaxStorageSize ?? 1000 };
    offers.push(`${zone}: ${listed(specs)}`);
  }
  throw new DeployError(
    [
      `No cluster of ${minCpu} to ${maxCpu} CCU can be bought in ${given ?? settings.region} at the moment.`,
      ...(offers.length === 0 ? ['No zone of the region sells serverless clusters to this account.'] : offers),
      'Set provider.cluster, provider.zone or --region to one in stock, or use your own database (provider.database).',
    ].join('\n  '),
  );
}
