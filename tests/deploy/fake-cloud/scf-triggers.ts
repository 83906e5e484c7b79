/** The triggers of the fake cloud: Function URLs that really listen, and timers that fire on request. */
import type {
  CreateTriggerRequest,
  UpdateTriggerRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { openFunctionUrl } from './function-url';
import { Refusal } from './refusal';
import type { FakeFunction, Runtime, Trigger } from './scf-function';
import { checkTrigger } from './scf-rules';
import { type Handlers, newId, takes, type World } from './world';

/** A trigger as lists show it. */
export function triggerInfo({ name, type, qualifier, description, enabled, url, shownAt }: Trigger, now: number) {
  const TriggerDesc =
    type === 'timer'
      ? JSON.stringify({ cron: description })
      : JSON.stringify({
          ...(JSON.parse(description) as object),
          NetConfig: {
            EnableIntranet: false,
            EnableExtranet: true,
            ...(url && now >= shownAt ? { ExtranetUrl: url } : {}),
          },
        });
  return {
    TriggerName: name,
    Type: type,
    Qualifier: qualifier,
    TriggerDesc,
    Enable: enabled ? 1 : 0,
    AvailableStatus: 'Available',
  };
}

const findTrigger = (target: FakeFunction, name: string, qualifier = '$LATEST') => {
  const found = target.triggers.find((trigger) => trigger.name === name && trigger.qualifier === qualifier);
  if (!found) throw new Refusal('ResourceNotFound.Trigger', `no trigger ${name} at ${qualifier}`);
  return found;
};

export interface TriggerHost {
  /** Throws Refusal if the function does not exist. */
  find(name: string | undefined): FakeFunction;
  /** The same, and throws while something changes. */
  still(name: string | undefined): FakeFunction;
  readonly runtime: Runtime;
  readonly world: World;
}

export function triggerHandlers({ find, still, runtime, world }: TriggerHost): Handlers {
  return {
    CreateTrigger: async (request: CreateTriggerRequest) => {
      const { FunctionName, TriggerName, Type, TriggerDesc = '', Qualifier = '$LATEST', Enable = 'OPEN' } = request;
      const target = still(FunctionName);
      checkTrigger(Type, TriggerDesc);
      if (
        target.triggers.some(
          ({ type, qualifier, name }) =>
            qualifier === Qualifier && (name === TriggerName || (type === 'http' && Type === 'http')),
        )
      ) {
        throw new Refusal('ResourceInUse.Trigger', `${TriggerName} exists`);
      }
      if (Type === 'timer' && target.latest.configuration.Type === 'HTTP') {
        throw new Refusal('InvalidParameterValue.Type', 'web functions take no timer');
      }
      const trigger: Trigger = {
        // The id of the URL takes the place of the name that was asked for.
        name: Type === 'http' ? newId('url') : TriggerName,
        type: Type,
        qualifier: Qualifier,
        description: TriggerDesc,
        enabled: Enable === 'OPEN',
        url: '',
        // The address is known a little later than the trigger.
        shownAt: world.now() + world.span(takes.urlShown),
        stop: async () => {},
      };
      if (Type === 'http') {
        const opened = await openFunctionUrl(target, Qualifier, runtime);
        trigger.stop = opened.stop;
        trigger.url = opened.url;
      }
      target.triggers.push(trigger);
      return { TriggerInfo: triggerInfo(trigger, world.now()) };
    },
    ListTriggers: ({ FunctionName }: { FunctionName: string }) => {
      const Triggers = find(FunctionName).triggers.map((trigger) => triggerInfo(trigger, world.now()));
      return { TotalCount: Triggers.length, Triggers };
    },
    UpdateTrigger: ({ FunctionName, TriggerName, Type, TriggerDesc, Enable, Qualifier }: UpdateTriggerRequest) => {
      const trigger = findTrigger(still(FunctionName), TriggerName, Qualifier);
      if (TriggerDesc !== undefined) {
        checkTrigger(Type, TriggerDesc);
        trigger.description = TriggerDesc;
      }
      if (Enable !== undefined) trigger.enabled = Enable === 'OPEN';
      return {};
    },
  };
}
