/** The private network that the functions and the cluster share. Found by name, made when missing. */
import { orAbsent } from './cloud';
import type { Context } from './context';

/** Rarely used by offices and other defaults, so that peering stays possible. */
const vpcBlock = '10.66.0.0/16';
const subnetBlock = '10.66.0.0/24';

export interface Network {
  readonly vpcId: string;
  readonly subnetId: string;
}

/** The VPC of this service and stage, or undefined. The filter of the API finds similar names too. */
export async function findVpc({ cloud, settings }: Context): Promise<string | undefined> {
  const { VpcSet } = await cloud.vpc('DescribeVpcs', {
    Filters: [{ Name: 'vpc-name', Values: [settings.name] }],
    Limit: '100',
  });
  return VpcSet?.find(({ VpcName }) => VpcName === settings.name)?.VpcId;
}

export async function findSubnets(
  { cloud, settings }: Context,
  vpcId: string,
): Promise<{ id: string; zone: string }[]> {
  const { SubnetSet } = await cloud.vpc('DescribeSubnets', {
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
    Limit: '100',
  });
  return (SubnetSet ?? [])
    .filter(({ SubnetName }) => SubnetName === settings.name)
    .map(({ SubnetId, Zone }) => ({ id: SubnetId ?? '', zone: Zone ?? '' }));
}

/** The zone to work in: the setting, else the first of the region where a serverless cluster can be bought. */
async function chooseZone({ cloud, settings }: Context): Promise<string> {
  if (settings.zone !== '') return settings.zone;
  const { RegionSet } = await cloud.cynosdb('DescribeZones', { ShowPermission: true });
  const zones = RegionSet?.find(({ Region }) => Region === settings.region)?.ZoneSet ?? [];
  const sold = zones.find(
    (zone) => zone.IsSupportServerless === 1 && zone.HasPermission !== false && zone.IsSupportCreateCluster !== 0,
  );
  return sold?.Zone ?? zones[0]?.Zone ?? `${settings.region}-1`;
}

async function makeSubnet(context: Context, vpcId: string): Promise<string> {
  const { cloud, settings } = context;
  const existing = await findSubnets(context, vpcId);
  const usable = existing.find(({ zone }) => settings.zone === '' || zone === settings.zone);
  if (usable) return usable.id;
  const made = await cloud.vpc('CreateSubnet', {
    VpcId: vpcId,
    SubnetName: settings.name,
    CidrBlock: subnetBlock,
    Zone: await chooseZone(context),
  });
  return made.Subnet?.SubnetId ?? '';
}

/** The zone of the subnet, which the cluster must be in too. */
export async function zoneOf({ cloud }: Context, { subnetId }: Network): Promise<string> {
  const { SubnetSet } = await cloud.vpc('DescribeSubnets', { SubnetIds: [subnetId] });
  return SubnetSet?.[0]?.Zone ?? '';
}

/** The network of serverless.yml, else the one with this service's name, made if missing. */
export async function ensureNetwork(context: Context): Promise<Network> {
  const { cloud, report, settings } = context;
  if (settings.vpc) return settings.vpc;
  return report.step(
    'Private network',
    async () => {
      const vpcId =
        (await findVpc(context)) ??
        (await cloud.vpc('CreateVpc', { VpcName: settings.name, CidrBlock: vpcBlock })).Vpc?.VpcId ??
        '';
      return { vpcId, subnetId: await makeSubnet(context, vpcId) };
    },
    ({ vpcId, subnetId }) => `Network ${vpcId}, ${subnetId}`,
  );
}

/** Deletes the network that deploy made. The caller knows that nothing is in it any more. */
export async function removeNetwork(context: Context): Promise<boolean> {
  const { cloud } = context;
  const vpcId = await findVpc(context);
  if (vpcId === undefined) return false;
  for (const { id } of await findSubnets(context, vpcId)) {
    await orAbsent(cloud.vpc('DeleteSubnet', { SubnetId: id }));
  }
  await orAbsent(cloud.vpc('DeleteVpc', { VpcId: vpcId }));
  return true;
}
