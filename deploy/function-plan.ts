/**
 * The planned function, the deployed one, and their difference. Pure: no calls to the cloud.
 */
import { createHash } from 'node:crypto';
import type {
  CreateFunctionRequest,
  GetFunctionResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import type { CodePackage } from './bundle';
import { DeployError } from './deploy-error';
import type { Variables } from './environment';
import type { LogTopic } from './log-topic';
import type { Network } from './network';
import type { Settings } from './settings';

/** `index.js`, exported `main_handler`. A web function starts scf_bootstrap instead, and keeps the name unused. */
export const handler = 'index.main_handler';

export interface FunctionPlan {
  readonly name: string;
  readonly type: 'HTTP' | 'Event';
  readonly settings: Settings;
  readonly code: CodePackage;
  readonly variables: Variables;
  readonly network: Network | undefined;
  readonly logs: LogTopic;
}

/** The parts of a function's configuration that deploy sets and compares. */
export type Configuration = Pick<
  CreateFunctionRequest,
  | 'MemorySize'
  | 'Timeout'
  | 'Environment'
  | 'VpcConfig'
  | 'Role'
  | 'PublicNetConfig'
  | 'ClsLogsetId'
  | 'ClsTopicId'
  | 'InstanceConcurrencyConfig'
>;

export function configurationOf({ type, settings, variables, network, logs }: FunctionPlan): Configuration {
  return {
    MemorySize: settings.memorySize,
    Timeout: settings.timeout,
    Environment: {
      Variables: Object.keys(variables)
        .sort()
        .map((Key) => ({ Key, Value: variables[Key] ?? '' })),
    },
    VpcConfig: { VpcId: network?.vpcId ?? '', SubnetId: network?.subnetId ?? '' },
    Role: settings.role,
    // IM and TRTC are on the public network, the database is in the private one.
    PublicNetConfig: { PublicNetStatus: 'ENABLE', EipConfig: { EipStatus: 'DISABLE' } },
    ClsLogsetId: logs.logsetId,
    ClsTopicId: logs.topicId,
    ...(type === 'HTTP'
      ? { InstanceConcurrencyConfig: { DynamicEnabled: 'FALSE', MaxConcurrency: settings.concurrency } }
      : {}),
  };
}

/** The environment of a deployed function. */
export function variablesOf(current: GetFunctionResponse | undefined): Variables {
  const pairs = current?.Environment?.Variables ?? [];
  return Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));
}

const sorted = (variables: Variables) => JSON.stringify(Object.entries(variables).sort());

/** The fields in which a deployed function differs from the plan, ready to be sent. */
export function differences(plan: FunctionPlan, current: GetFunctionResponse): Partial<Configuration> {
  const wanted = configurationOf(plan);
  const different: Partial<Configuration> = {};
  const take = <K extends keyof Configuration>(key: K, same: boolean) => {
    if (!same) different[key] = wanted[key];
  };
  take('MemorySize', current.MemorySize === wanted.MemorySize);
  take('Timeout', current.Timeout === wanted.Timeout);
  take('Environment', sorted(variablesOf(current)) === sorted(plan.variables));
  take(
    'VpcConfig',
    (current.VpcConfig?.VpcId ?? '') === wanted.VpcConfig?.VpcId &&
      (current.VpcConfig?.SubnetId ?? '') === wanted.VpcConfig?.SubnetId,
  );
  take('Role', (current.Role ?? '') === wanted.Role);
  take('PublicNetConfig', current.PublicNetConfig?.PublicNetStatus === 'ENABLE');
  take('ClsLogsetId', current.ClsLogsetId === wanted.ClsLogsetId);
  take('ClsTopicId', current.ClsTopicId === wanted.ClsTopicId);
  const concurrency = wanted.InstanceConcurrencyConfig?.MaxConcurrency;
  if (concurrency !== undefined) {
    take('InstanceConcurrencyConfig', current.InstanceConcurrencyConfig?.MaxConcurrency === concurrency);
  }
  return different;
}

const words = new Map([
  ['MemorySize', 'memory'],
  ['Timeout', 'time-out'],
  ['Environment', 'environment'],
  ['VpcConfig', 'network'],
  ['Role', 'role'],
  ['PublicNetConfig', 'public network'],
  ['ClsLogsetId', 'log topic'],
  ['ClsTopicId', 'log topic'],
  ['InstanceConcurrencyConfig', 'concurrency'],
]);

/** The differences, in words for people; the release mark changes with every difference and is not named. */
export function changeWords(plan: FunctionPlan, current: GetFunctionResponse, fields: readonly string[]): string[] {
  const { DEPLOYED_RELEASE: _wanted, ...wanted } = plan.variables;
  const { DEPLOYED_RELEASE: _deployed, ...deployed } = variablesOf(current);
  const shown = sorted(wanted) === sorted(deployed) ? fields.filter((field) => field !== 'Environment') : fields;
  return [...new Set(shown.map((field) => words.get(field) ?? field))];
}

export function creationOf(plan: FunctionPlan): CreateFunctionRequest {
  const { VpcConfig, Role, ...configuration } = configurationOf(plan);
  return {
    FunctionName: plan.name,
    Type: plan.type,
    Runtime: plan.settings.runtime,
    Handler: handler,
    Description: describe(plan, plan.code.hash),
    Code: { ZipFile: plan.code.zip.toString('base64') },
    InitTimeout: 65,
    ...configuration,
    ...(plan.network && VpcConfig ? { VpcConfig } : {}),
    ...(Role ? { Role } : {}),
  };
}

/** SCF allows letters, digits, spaces, commas and full stops here, and nothing else. */
export const mark = 'Deployed with sls';

/** The description names the service and the hash of its code. */
export function describe({ settings }: Pick<FunctionPlan, 'settings'>, code: string): string {
  const words = `${settings.service} ${settings.stage}`.replaceAll(/[^A-Za-z0-9]+/g, ' ');
  return `${mark}, ${words}, code ${code}.`;
}

/** The hash of a function's code, or undefined while it is being replaced. */
export function codeIn(description: string | undefined): string | undefined {
  return /, code ([0-9a-f]{16})\b/.exec(description ?? '')?.[1];
}

/** Hash of code and configuration, without the release mark that is made of it. 16 hex digits. */
export function fingerprint(plan: FunctionPlan): string {
  const { DEPLOYED_RELEASE: _mark, ...variables } = plan.variables;
  const configuration = configurationOf({ ...plan, variables });
  const content = JSON.stringify([plan.code.hash, plan.type, plan.settings.runtime, configuration]);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

export function describeRelease(plan: FunctionPlan): string {
  return `${describe(plan, plan.code.hash)} Release ${fingerprint(plan)}.`;
}

export function releaseIn(description: string | undefined): string | undefined {
  return /Release ([0-9a-f]{16})\./.exec(description ?? '')?.[1];
}

/** Throws DeployError if an existing function cannot become the planned one. */
export function checkSame(plan: FunctionPlan, current: GetFunctionResponse): void {
  const { name, settings, type } = plan;
  if (!current.Description?.startsWith(mark)) {
    throw new DeployError(
      `Function ${name} exists in ${settings.region} and was not made by this command. ` +
        'Delete it, or choose another stage (--stage) or another service name in serverless.yml.',
    );
  }
  for (const [what, is, wanted] of [
    ['type', current.Type, type],
    ['runtime', current.Runtime, settings.runtime],
  ]) {
    if (is !== undefined && is !== wanted) {
      throw new DeployError(
        `Function ${name} has the ${what} ${is} and SCF cannot change that to ${wanted}. ` +
          'Run `npx sls remove` (the database stays) and deploy again; the URL will be a new one.',
      );
    }
  }
}
