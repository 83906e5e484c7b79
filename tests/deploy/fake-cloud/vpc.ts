/** vpc of the fake cloud: networks and subnets, which cannot be deleted while something is in them. */
import type {
  CreateSubnetRequest,
  CreateVpcRequest,
  DeleteSubnetRequest,
  DeleteVpcRequest,
  DescribeSubnetsRequest,
  DescribeVpcsRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { Refusal } from './refusal';
import { type Handlers, newId } from './world';

interface Subnet {
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly SubnetName: string;
  readonly CidrBlock: string;
  readonly Zone: string;
}

export interface Vpc {
  readonly handlers: Handlers;
  resources(): string[];
  /** Throws Refusal unless the subnet is in that VPC. */
  check(vpcId: string, subnetId: string): Subnet;
  /** Who has addresses in a subnet; set by the other products. */
  inUse(usedBy: (subnetId: string) => boolean): void;
}

type Filters = readonly { Name: string; Values: readonly string[] }[] | undefined;
const filter = (filters: Filters, name: string) => filters?.find(({ Name }) => Name === name)?.Values[0];

export function createVpc(): Vpc {
  const vpcs = new Map<string, { VpcId: string; VpcName: string; CidrBlock: string }>();
  const subnets = new Map<string, Subnet>();
  const users: ((subnetId: string) => boolean)[] = [];
  const handlers: Handlers = {
    CreateVpc: ({ VpcName, CidrBlock }: CreateVpcRequest) => {
      const vpc = { VpcId: newId('vpc'), VpcName, CidrBlock };
      vpcs.set(vpc.VpcId, vpc);
      return { Vpc: vpc };
    },
    CreateSubnet: ({ VpcId, SubnetName, CidrBlock, Zone }: CreateSubnetRequest) => {
      if (!vpcs.has(VpcId)) throw new Refusal('ResourceNotFound', `${VpcId} not found`);
      if ([...subnets.values()].some((subnet) => subnet.VpcId === VpcId && subnet.CidrBlock === CidrBlock)) {
        throw new Refusal('InvalidParameterValue.SubnetConflict', 'the block overlaps another subnet');
      }
      const subnet = { VpcId, SubnetId: newId('subnet'), SubnetName, CidrBlock, Zone };
      subnets.set(subnet.SubnetId, subnet);
      return { Subnet: subnet };
    },
    // Names match in part, as in the cloud.
    DescribeVpcs: ({ Filters }: DescribeVpcsRequest) => {
      const name = filter(Filters, 'vpc-name') ?? '';
      const VpcSet = [...vpcs.values()].filter(({ VpcName }) => VpcName.includes(name));
      return { TotalCount: VpcSet.length, VpcSet };
    },
    DescribeSubnets: ({ Filters, SubnetIds }: DescribeSubnetsRequest) => {
      const vpcId = filter(Filters, 'vpc-id');
      const SubnetSet = [...subnets.values()].filter((subnet) =>
        SubnetIds ? SubnetIds.includes(subnet.SubnetId) : vpcId === undefined || subnet.VpcId === vpcId,
      );
      return { TotalCount: SubnetSet.length, SubnetSet };
    },
    DeleteSubnet: ({ SubnetId }: DeleteSubnetRequest) => {
      if (!subnets.has(SubnetId)) throw new Refusal('ResourceNotFound', `${SubnetId} not found`);
      if (users.some((usedBy) => usedBy(SubnetId))) throw new Refusal('ResourceInUse', `${SubnetId} is in use`);
      subnets.delete(SubnetId);
      return {};
    },
    DeleteVpc: ({ VpcId }: DeleteVpcRequest) => {
      if (!vpcs.has(VpcId)) throw new Refusal('ResourceNotFound', `${VpcId} not found`);
      if ([...subnets.values()].some((subnet) => subnet.VpcId === VpcId)) {
        throw new Refusal('ResourceInUse', `${VpcId} has subnets`);
      }
      vpcs.delete(VpcId);
      return {};
    },
  };
  return {
    handlers,
    resources: () => [...[...vpcs.keys()], ...[...subnets.keys()]],
    check(vpcId, subnetId) {
      const subnet = subnets.get(subnetId);
      if (!subnet || subnet.VpcId !== vpcId)
        throw new Refusal(
          ['ResourceNotFound.Vpc', 'InvalidParameterValue.VpcNotFound'],
          `${vpcId}, ${subnetId} not found`,
        );
      return subnet;
    },
    inUse: (usedBy) => users.push(usedBy),
  };
}
