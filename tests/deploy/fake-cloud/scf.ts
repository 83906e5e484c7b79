/** scf of the fake cloud: functions that pass through states, versions, aliases, triggers, and calls of them. */
import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  GetFunctionRequest,
  InvokeFunctionRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import type { Account } from './account';
import type { Cls } from './cls';
import { Refusal } from './refusal';
import { createDomains, type Domains } from './scf-domains';
import { type CallResult, dateText, type FakeFunction, type Revision, Runtime, revisionOf } from './scf-function';
import { checkConcurrency, checkFunction } from './scf-rules';
import { triggerHandlers, triggerInfo } from './scf-triggers';
import { versionHandlers } from './scf-versions';
import type { Vpc } from './vpc';
import { type Handlers, Status, takes, type World } from './world';
import { unzip } from './zip-reader';

export interface Scf {
  readonly handlers: Handlers;
  readonly domains: Domains;
  resources(): string[];
  /** Stands in for the platform's clock: calls every function that has an open timer. */
  fireTimers(): Promise<CallResult[]>;
  function(name: string): FakeFunction | undefined;
  /** How the next changes and publications end, oldest first; further ones end well. */
  readonly ends: { readonly update: End[]; readonly publication: End[] };
  stop(): Promise<void>;
}

interface End {
  /** Active, or a state that ends in Failed. */
  readonly state: string;
  /** `code: text`. */
  readonly reason: string;
}

const fine: End = { state: 'Active', reason: '' };
const roleUnusable = ['FailedOperation.CallRoleFailed', 'FailedOperation.QcsRoleNotFound'];
const notActive = [
  'FailedOperation.UpdateFunctionConfiguration',
  'FailedOperation.PublishVersion',
  'FailedOperation.FunctionStatusError',
  'FailedOperation.UpdateTrigger',
  'FailedOperation.CreateTrigger',
];

function codeOf(code: { ZipFile?: string } | undefined): Buffer {
  if (!code?.ZipFile) throw new Refusal('InvalidParameterValue.Code', 'this account uploads zip files');
  const zip = Buffer.from(code.ZipFile, 'base64');
  unzip(zip);
  return zip;
}

interface Neighbours {
  readonly account: Account;
  readonly cls: Cls;
  readonly vpc: Vpc;
}

/** `FailedOperation.X: text` as the API shows it. */
function reasonOf(reason: string) {
  const [ErrorCode = '', ErrorMessage = ''] = reason.split(': ');
  return { ErrorCode, ErrorMessage };
}

export function createScf(world: World, { account, cls, vpc }: Neighbours): Scf {
  const functions = new Map<string, FakeFunction>();
  const domains = createDomains(world);
  const runtime = new Runtime(world, cls);
  const ends: Scf['ends'] = { update: [], publication: [] };
  /** Subnets that deleted functions had addresses in, and until when these stay. */
  const lingering = new Map<string, number>();
  vpc.inUse(
    (subnetId) =>
      world.now() < (lingering.get(subnetId) ?? 0) ||
      [...functions.values()].some(({ latest }) => latest.configuration.VpcConfig?.SubnetId === subnetId),
  );

  const leaving: Promise<unknown>[] = [];
  /** A function that is being deleted is there until its time is over. */
  function sweep(): void {
    for (const target of functions.values()) {
      if (target.latest.status.value !== 'Deleted') continue;
      functions.delete(target.name);
      const subnet = target.latest.configuration.VpcConfig?.SubnetId ?? '';
      lingering.set(subnet, world.now() + world.span(world.addressesLinger));
      leaving.push(runtime.stop(target.name), ...target.triggers.map((trigger) => trigger.stop()));
    }
  }

  function find(name: string | undefined): FakeFunction {
    sweep();
    const found = functions.get(name ?? '');
    if (!found || world.now() < found.visibleAt)
      throw new Refusal(['ResourceNotFound.Function', 'ResourceNotFound'], `function ${name} does not exist`);
    return found;
  }

  /** Nothing can be changed while something else is changing. */
  function still(name: string | undefined): FakeFunction {
    const found = find(name);
    const status = found.latest.status.value;
    if (status !== 'Active' && status !== 'UpdateFailed') throw new Refusal(notActive, `the function is ${status}`);
    return found;
  }

  function change(target: FakeFunction, revision: Partial<Revision>): void {
    const { state, reason } = ends.update.shift() ?? fine;
    const status = new Status(world, 'Updating', state, takes.updating);
    target.latest = { ...target.latest, ...revision, status, reason };
    void runtime.stop(target.name, '$LATEST');
  }

  /** Money, and the role by which SCF reaches network and logs. */
  function checkAccount(): void {
    if (account.pays === 'arrears')
      throw new Refusal('FailedOperation.AccountInsufficient', 'the account is in arrears');
    if (!account.rolePolicy) throw new Refusal(roleUnusable, 'SCF_QcsRole lacks the policy QcloudAccessForScfRole');
  }

  function checkNetwork({ VpcConfig }: { VpcConfig?: { VpcId?: string; SubnetId?: string } }): void {
    if (VpcConfig?.VpcId) vpc.check(VpcConfig.VpcId, VpcConfig.SubnetId ?? '');
  }

  const handlers: Handlers = {
    CreateFunction: ({ Code, ...configuration }: CreateFunctionRequest) => {
      const { FunctionName, Type = 'Event', InstanceConcurrencyConfig } = configuration;
      if (functions.has(FunctionName)) throw new Refusal('ResourceInUse.FunctionName', `${FunctionName} exists`);
      checkAccount();
      checkFunction(configuration);
      checkNetwork(configuration);
      checkConcurrency(InstanceConcurrencyConfig, Type);
      functions.set(FunctionName, {
        name: FunctionName,
        latest: {
          qualifier: '$LATEST',
          configuration: { ...configuration, Type },
          code: codeOf(Code),
          description: configuration.Description ?? '',
          status: new Status(world, 'Creating', 'Active', takes.creating),
          reason: '',
          addedAt: dateText(),
          visibleAt: 0,
        },
        visibleAt: world.now() + world.span(world.visibleTakes),
        versions: new Map(),
        aliases: new Map([['$DEFAULT', { version: '$LATEST', weights: [], before: '', movedAt: 0 }]]),
        triggers: [],
      });
      return {};
    },
    GetFunction: ({ FunctionName, Qualifier = '$LATEST' }: GetFunctionRequest) => {
      const target = find(FunctionName);
      const revision = revisionOf(target, Qualifier);
      if (world.now() < revision.visibleAt) throw new Refusal('ResourceNotFound.Version', `no version ${Qualifier}`);
      const { configuration, status, qualifier, addedAt, code, description, reason } = revision;
      const { PublicNetConfig, ...shown } = configuration;
      return {
        ...shown,
        PublicNetConfig: {
          PublicNetStatus: PublicNetConfig?.PublicNetStatus,
          EipConfig: { EipFixed: 'FALSE', Eips: [] },
        },
        Description: description,
        Status: status.value,
        StatusDesc: '',
        StatusReasons: status.value.endsWith('Failed') ? [reasonOf(reason)] : [],
        FunctionVersion: qualifier,
        Qualifier,
        CodeSize: code.length,
        AddTime: addedAt,
        ModTime: addedAt,
        AvailableStatus: account.pays === 'arrears' ? 'InsufficientBalance' : 'Available',
        Triggers: target.triggers.map((trigger) => triggerInfo(trigger, world.now())),
      };
    },
    UpdateFunctionCode: ({ FunctionName, Code, ZipFile, Handler }: UpdateFunctionCodeRequest) => {
      const target = still(FunctionName);
      if (target.latest.configuration.Type !== 'HTTP' && !Handler) {
        throw new Refusal('InvalidParameterValue.Handler', 'an event function needs its handler with the code');
      }
      change(target, { code: codeOf(Code ?? (ZipFile === undefined ? undefined : { ZipFile })) });
      return {};
    },
    UpdateFunctionConfiguration: ({ FunctionName, ...given }: UpdateFunctionConfigurationRequest) => {
      const target = still(FunctionName);
      checkAccount();
      checkFunction(given);
      checkNetwork(given);
      if (given.Runtime) throw new Refusal('InvalidParameterValue.Runtime', 'the runtime cannot be changed');
      checkConcurrency(given.InstanceConcurrencyConfig, target.latest.configuration.Type);
      const { Publish: _publish, L5Enable: _l5, IgnoreSysLog: _log, ...configuration } = given;
      change(target, {
        configuration: { ...target.latest.configuration, ...configuration },
        description: given.Description ?? target.latest.description,
      });
      return {};
    },
    DeleteFunction: async ({ FunctionName, Qualifier }: DeleteFunctionRequest) => {
      const target = find(FunctionName);
      if (Qualifier === undefined) {
        target.latest.status.change('Deleting', 'Deleted', takes.deleting);
        return {};
      }
      if ([...target.aliases.values()].some(({ version }) => version === Qualifier))
        throw new Refusal('UnsupportedOperation.AliasBind', 'an alias names it');
      if (!target.versions.delete(Qualifier))
        throw new Refusal('ResourceNotFound.Qualifier', `no version ${Qualifier}`);
      await runtime.stop(target.name, Qualifier);
      return {};
    },
    ...versionHandlers({ find, still, publicationEnds: () => ends.publication.shift() ?? fine, world }),
    ...triggerHandlers({ find, still, runtime, world }),
    ...domains.handlers,
    InvokeFunction: async ({ FunctionName, Event = '{}', Qualifier = '$DEFAULT', LogType }: InvokeFunctionRequest) => {
      const target = find(FunctionName);
      const revision = revisionOf(target, Qualifier);
      if (revision.configuration.Type === 'HTTP')
        throw new Refusal('InvalidParameterValue.FunctionType', 'web functions have a URL');
      const { requestId, result, error, lines, milliseconds } = await runtime.call(
        target.name,
        revision,
        JSON.parse(Event),
      );
      return {
        Result: {
          RetMsg: error === '' ? JSON.stringify(result) : '',
          ErrMsg: error,
          Log: LogType === 'Tail' ? lines.join('\n').slice(-4096) : '',
          Duration: milliseconds,
          BillDuration: milliseconds,
          MemUsage: 64 * 1024 * 1024,
          FunctionRequestId: requestId,
          InvokeResult: error === '' ? 0 : 1,
        },
      };
    },
  };
  return {
    handlers,
    domains,
    ends,
    resources: () => {
      sweep();
      const all = [...functions.values()].flatMap(({ name, triggers }) => [
        name,
        ...triggers.map(({ type }) => `${name}/${type}`),
      ]);
      return [...all, ...domains.made.keys()];
    },
    function: (name) => functions.get(name),
    fireTimers: () => {
      const Time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
      const calls = [...functions.values()].flatMap((target) =>
        target.triggers
          .filter(({ type, enabled }) => type === 'timer' && enabled)
          .map(({ name, qualifier }) =>
            runtime.call(target.name, revisionOf(target, qualifier), {
              Type: 'Timer',
              TriggerName: name,
              Time,
              Message: '',
            }),
          ),
      );
      return Promise.all(calls);
    },
    async stop() {
      await Promise.all(leaving);
      await Promise.all([...functions.values()].flatMap(({ triggers }) => triggers.map((trigger) => trigger.stop())));
      await runtime.stopAll();
    },
  };
}
