/** The private network that the functions and the cluster share. Found by name, made when missing. */
import { orAbsent } from './cloud';
import type { Context } from './context';
import { DeployError } from './deploy-error';

/** Rarely used by offices and other defaults, so that peering stays possible. */
const vpcBlock = '10.66.0.0/16';
const subnetBlock = (index: number) => `10.66.${index}.0/24`;
const subnetsAtMost = 16;

export interface Network {
  readonly vpcId: string;
  readonly subnetId: string;
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly block: string;
}

/** The VPC of this service and stage, or undefined. The filter of the API finds similar names too. */
export async function findVpc({ cloud, settings }: Context): Promise<string | undefined> {
  const { VpcSet } = await cloud.vpc('DescribeVpcs', {
    Filters: [{ Name: 'vpc-name', Values: [settings.name] }],
    Limit: '100',
  });
  return VpcSet?.find(({ VpcName }) => VpcName === settings.name)?.VpcId;
}

export async function findSubnets({ cloud, settings }: Context, vpcId: string): Promise<Subnet[]> {
  const { SubnetSet } = await cloud.vpc('DescribeSubnets', {
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
    Limit: '100',
  });
  return (SubnetSet ?? [])
    .filter(({ SubnetName }) => SubnetName === settings.name)
    .map(({ SubnetId, Zone, CidrBlock }) => ({ id: SubnetId ?? '', zone: Zone ?? '', block: CidrBlock ?? '' }));
}

async function makeSubnet({ cloud, settings }: Context, vpcId: string, place: { zone: string; others: Subnet[] }) {
  const taken = new Set(place.others.map(({ block }) => block));
  const blocks = Array.from({ length: subnetsAtMost }, (_, index) => subnetBlock(index));
  const block = blocks.find((candidate) => !taken.has(candidate));
  if (block === undefined)
    throw new DeployError(`Network ${vpcId} has no room for another subnet. Remove unused ones.`);
  const made = await cloud.vpc('CreateSubnet', {
    VpcId: vpcId,
    SubnetName: settings.name,
    CidrBlock: block,
    Zone: place.zone,
  });
  return made.Subnet?.SubnetId ?? '';
}

/** The zone of a subnet, which a cluster in it must be in too. */
export async function zoneOf({ cloud }: Context, subnetId: string): Promise<string> {
  const { SubnetSet } = await cloud.vpc('DescribeSubnets', { SubnetIds: [subnetId] });
  const zone = SubnetSet?.[0]?.Zone;
  if (!zone) throw new DeployError(`There is no subnet ${subnetId} (provider.vpc.subnetId) in this region.`);
  return zone;
}

/**
 * The network of serverless.yml, else the one with this service's name, made if missing. `zone`: where the subnet must
 * be, because a cluster is to be bought there; undefined where any will do.
 */
export async function ensureNetwork(context: Context, zone?: string): Promise<Network> {
  const { cloud, report, settings } = context;
  if (settings.vpc) return settings.vpc;
  return report.step(
    'Private network',
    async () => {
      const vpcId =
        (await findVpc(context)) ??
        (await cloud.vpc('CreateVpc', { VpcName: settings.name, CidrBlock: vpcBlock })).Vpc?.VpcId ??
        '';
      const others = await findSubnets(context, vpcId);
      const usable = others.find((subnet) => zone === undefined || subnet.zone === zone);
      const subnetId = usable?.id ?? (await makeSubnet(context, vpcId, { zone: zone ?? settings.zone, others }));
      return { vpcId, subnetId };
    },
    ({ vpcId, subnetId }) => `Network ${vpcId}, ${subnetId}`,
  );
}

/** Deletes the network that deploy made. The caller has removed everything in it. */
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
