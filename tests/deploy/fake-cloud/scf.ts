/** scf of the fake cloud: functions that pass through states, versions, aliases, triggers, and calls of them. */
import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  GetAliasRequest,
  GetFunctionRequest,
  InvokeFunctionRequest,
  PublishVersionRequest,
  UpdateAliasRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import type { Cls } from './cls';
import { Refusal } from './refusal';
import { createDomains, type Domains } from './scf-domains';
import { type CallResult, type FakeFunction, type Revision, Runtime, revisionOf } from './scf-function';
import { checkConcurrency, checkFunction } from './scf-rules';
import { triggerHandlers, triggerInfo } from './scf-triggers';
import type { Vpc } from './vpc';
import { type Handlers, Status, takes, type World } from './world';
import { unzip } from './zip-reader';

export interface Scf {
  readonly handlers: Handlers;
  readonly domains: Domains;
  resources(): string[];
  /** What the platform's clock does: calls every function that has an open timer. */
  fireTimers(): Promise<CallResult[]>;
  function(name: string): FakeFunction | undefined;
  stop(): Promise<void>;
}

const now = () => new Date().toISOString().slice(0, 19).replace('T', ' ');

function codeOf(code: { ZipFile?: string } | undefined): Buffer {
  if (!code?.ZipFile) throw new Refusal('InvalidParameterValue.Code', 'this account uploads zip files');
  const zip = Buffer.from(code.ZipFile, 'base64');
  unzip(zip);
  return zip;
}

export function createScf(world: World, { cls, vpc }: { cls: Cls; vpc: Vpc }): Scf {
  const functions = new Map<string, FakeFunction>();
  const domains = createDomains(world);
  const runtime = new Runtime(world, cls);
  vpc.inUse((subnetId) =>
    [...functions.values()].some(({ latest }) => latest.configuration.VpcConfig?.SubnetId === subnetId),
  );

  const leaving: Promise<unknown>[] = [];
  /** A function that is being deleted is there until its time is over. */
  function sweep(): void {
    for (const target of functions.values()) {
      if (target.latest.status.value !== 'Deleted') continue;
      functions.delete(target.name);
      leaving.push(runtime.stop(target.name), ...target.triggers.map((trigger) => trigger.stop()));
    }
  }

  function find(name: string | undefined): FakeFunction {
    sweep();
    const found = functions.get(name ?? '');
    if (!found) throw new Refusal('ResourceNotFound.Function', `function ${name} does not exist`);
    return found;
  }

  /** Nothing can be changed while something else is changing. */
  function still(name: string | undefined): FakeFunction {
    const found = find(name);
    const status = found.latest.status.value;
    if (status !== 'Active') throw new Refusal('FailedOperation.FunctionStatusError', `the function is ${status}`);
    return found;
  }

  function change(target: FakeFunction, revision: Partial<Revision>): void {
    target.latest = { ...target.latest, ...revision, status: new Status(world, 'Updating', 'Active', takes.updating) };
    void runtime.stop(target.name, '$LATEST');
  }

  function checkNetwork({ VpcConfig }: { VpcConfig?: { VpcId?: string; SubnetId?: string } }): void {
    if (VpcConfig?.VpcId) vpc.check(VpcConfig.VpcId, VpcConfig.SubnetId ?? '');
  }

  const handlers: Handlers = {
    CreateFunction: ({ Code, ...configuration }: CreateFunctionRequest) => {
      const { FunctionName, Type = 'Event', InstanceConcurrencyConfig } = configuration;
      if (functions.has(FunctionName)) throw new Refusal('ResourceInUse.FunctionName', `${FunctionName} exists`);
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
          addedAt: now(),
        },
        versions: new Map(),
        aliases: new Map([['$DEFAULT', { version: '$LATEST', weights: [], before: '', since: 0 }]]),
        triggers: [],
      });
      return {};
    },
    GetFunction: ({ FunctionName, Qualifier = '$LATEST' }: GetFunctionRequest) => {
      const target = find(FunctionName);
      const { configuration, status, qualifier, addedAt, code, description } = revisionOf(target, Qualifier);
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
        StatusReasons: [],
        FunctionVersion: qualifier,
        Qualifier,
        CodeSize: code.length,
        AddTime: addedAt,
        ModTime: addedAt,
        AvailableStatus: 'Available',
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
        throw new Refusal('FailedOperation.DeleteFunction', 'an alias names it');
      if (!target.versions.delete(Qualifier)) throw new Refusal('ResourceNotFound.Version', `no version ${Qualifier}`);
      await runtime.stop(target.name, Qualifier);
      return {};
    },
    PublishVersion: ({ FunctionName, Description = '' }: PublishVersionRequest) => {
      const target = still(FunctionName);
      checkFunction({ Description });
      const number = String(Math.max(0, ...[...target.versions.keys()].map(Number)) + 1);
      const status = new Status(world, 'Publishing', 'Active', takes.publishing);
      target.versions.set(number, {
        ...target.latest,
        qualifier: number,
        description: Description,
        status,
        addedAt: now(),
      });
      target.latest = { ...target.latest, status: new Status(world, 'Publishing', 'Active', takes.publishing) };
      return { FunctionVersion: number, Description };
    },
    ListVersionByFunction: ({ FunctionName }: { FunctionName: string }) => {
      const { latest, versions } = find(FunctionName);
      const Versions = [latest, ...versions.values()].map(({ qualifier, description, addedAt, status }) => ({
        Version: qualifier,
        Description: description,
        AddTime: addedAt,
        ModTime: addedAt,
        Status: status.value,
      }));
      return { FunctionVersion: Versions.map(({ Version }) => Version), Versions, TotalCount: Versions.length };
    },
    GetAlias: ({ FunctionName, Name }: GetAliasRequest) => {
      const alias = find(FunctionName).aliases.get(Name);
      if (!alias) throw new Refusal('ResourceNotFound.Alias', `no alias ${Name}`);
      const RoutingConfig = { AdditionalVersionWeights: alias.weights.map((Version) => ({ Version, Weight: 0.5 })) };
      return { Name, FunctionVersion: alias.version, RoutingConfig };
    },
    UpdateAlias: ({ FunctionName, Name, FunctionVersion, RoutingConfig }: UpdateAliasRequest) => {
      const target = find(FunctionName);
      const alias = target.aliases.get(Name);
      if (!alias) throw new Refusal('ResourceNotFound.Alias', `no alias ${Name}`);
      if (revisionOf(target, FunctionVersion).status.value !== 'Active') {
        throw new Refusal('FailedOperation.FunctionVersionStatusNotActive', 'the version is being published');
      }
      const weights = RoutingConfig?.AdditionalVersionWeights?.map(({ Version }) => Version) ?? alias.weights;
      target.aliases.set(Name, { version: FunctionVersion, weights, before: alias.version, since: world.now() });
      return {};
    },
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
