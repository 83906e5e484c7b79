/** The checked `provider:` block with its defaults, and the name of all resources. */
import { listOf } from './deploy-error';
import { stagePattern } from './provider-schema';
import { regions, sellsClusters } from './regions';

export interface Settings {
  readonly service: string;
  readonly stage: string;
  /** `<service>-<stage>`: the name of every resource that deploy makes. */
  readonly name: string;
  readonly region: string;
  /** '' = the first zone of the region that sells serverless clusters. */
  readonly zone: string;
  readonly functionType: 'web' | 'event';
  readonly runtime: string;
  /** MB. */
  readonly memorySize: number;
  /** Seconds. */
  readonly timeout: number;
  /** Concurrent requests of one instance of the web function. */
  readonly concurrency: number;
  /** A CAM role whose keys the functions get, for TRTC's DismissRoom. '' = none. */
  readonly role: string;
  readonly database: 'serverless' | 'existing';
  readonly cluster: ClusterSettings;
  /** Your domain, with the id of its certificate in the SSL console; `http`: plain HTTP too. */
  readonly domain: { readonly name: string; readonly certificate: string; readonly http: boolean } | undefined;
  /** An existing network. Deploy neither makes nor removes it. */
  readonly vpc: { readonly vpcId: string; readonly subnetId: string } | undefined;
  readonly retentionDays: number;
  /** SCF's cron: seconds first, seven fields, China time. */
  readonly timer: string;
}

export interface ClusterSettings {
  readonly version: string;
  readonly minCpu: number;
  readonly maxCpu: number;
  /** Seconds without a connection after which the cluster costs nothing; 0 = never. */
  readonly pauseAfterSeconds: number;
  readonly storageLimitGb: number | undefined;
  readonly securityGroups: readonly string[];
}

/** The block in serverless.yml; the framework has checked it against provider-schema.ts. */
interface ProviderBlock {
  name?: string;
  stage?: string;
  region?: string;
  zone?: string;
  functionType?: 'web' | 'event';
  runtime?: string;
  memorySize?: number;
  timeout?: number;
  concurrency?: number;
  role?: string;
  database?: 'serverless' | 'existing';
  cluster?: {
    version?: string;
    minCpu?: number;
    maxCpu?: number;
    pauseAfterSeconds?: number | string;
    storageLimitGb?: number;
    securityGroups?: string[];
  };
  domain?: { name: string; certificate: string; http?: boolean };
  vpc?: { vpcId: string; subnetId: string };
  logs?: { retentionDays?: number };
  timer?: string;
}

function clusterSettings(block: NonNullable<ProviderBlock['cluster']>): ClusterSettings {
  const pause = block.pauseAfterSeconds ?? 3600;
  return {
    version: block.version ?? '8.0',
    minCpu: block.minCpu ?? 0.25,
    maxCpu: block.maxCpu ?? 1,
    pauseAfterSeconds: typeof pause === 'number' ? pause : 0,
    storageLimitGb: block.storageLimitGb,
    securityGroups: block.securityGroups ?? [],
  };
}

export interface GivenOptions {
  readonly stage?: string | null | undefined;
  readonly region?: string | null | undefined;
}

/** Checks the options of the command line, and values that the schema cannot describe. */
function problemsOf(block: ProviderBlock, { stage, region }: { stage: string; region: string }): string[] {
  const memory = block.memorySize ?? 256;
  const pause = block.cluster?.pauseAfterSeconds ?? 3600;
  const seconds = typeof pause === 'number' && pause >= 600 && pause <= 691_200;
  const rules: [boolean, string][] = [
    [block.name === undefined || block.name === 'tencent', `provider.name ${block.name}: only tencent is known here`],
    [new RegExp(stagePattern).test(stage), `stage ${stage}: a lower-case letter, then up to 19 letters, digits or -`],
    [regions.some((known) => known === region), `region ${region}: one of ${regions.join(', ')}`],
    [
      memory === 64 || (memory % 128 === 0 && memory >= 128 && memory <= 3072),
      `provider.memorySize ${memory}: 64, or a multiple of 128 up to 3072 (MB)`,
    ],
    [
      block.database === 'existing' || sellsClusters(region),
      `${region} sells no serverless cluster: set provider.database to existing and use your own MySQL, or another region`,
    ],
    [seconds || pause === 'never', `provider.cluster.pauseAfterSeconds ${pause}: 600 to 691200, or never`],
  ];
  return rules.flatMap(([good, problem]) => (good ? [] : [problem]));
}

/** `provider` has passed the schema. Throws DeployError that names the allowed values. */
export function readSettings(service: string, provider: unknown, options: GivenOptions): Settings {
  const block = provider as ProviderBlock;
  const stage = options.stage ?? block.stage ?? 'dev';
  const region = options.region ?? block.region ?? 'ap-guangzhou';
  const problems = problemsOf(block, { stage, region });
  if (problems.length > 0) throw listOf('serverless.yml or the command line is not right:', problems);
  return {
    service,
    stage,
    name: `${service}-${stage}`,
    region,
    zone: block.zone ?? '',
    functionType: block.functionType ?? 'web',
    runtime: block.runtime ?? 'Nodejs20.19',
    memorySize: block.memorySize ?? 256,
    timeout: block.timeout ?? 60,
    concurrency: block.concurrency ?? 20,
    role: block.role ?? '',
    database: block.database ?? 'serverless',
    cluster: clusterSettings(block.cluster ?? {}),
    domain: block.domain && { http: false, ...block.domain },
    vpc: block.vpc,
    retentionDays: block.logs?.retentionDays ?? 3,
    timer: block.timer ?? '0 */1 * * * * *',
  };
}
