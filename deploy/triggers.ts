/**
 * The Function URL and the timer. A trigger is compared before it is changed: a second URL would be another one, and the
 * apps have the first one built in.
 */
import type { TriggerInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { minutes } from './clock';
import { isDuplicate } from './cloud-errors';
import type { Context } from './context';
import { getFunction, liveAlias } from './functions';
import { waitFor } from './wait';

const urlName = 'url';
const timerName = 'maintenance';

/** Public and without authentication: the API has its own, and handles CORS itself. */
const urlSettings = {
  AuthType: 'NONE',
  NetConfig: { EnableIntranet: false, EnableExtranet: true },
};

/** The description of a trigger reads back as JSON, sometimes percent-encoded. */
function descriptionOf(trigger: TriggerInfo): ReadonlyMap<string, unknown> {
  const text = trigger.TriggerDesc ?? '';
  for (const decode of [(value: string) => value, decodeURIComponent]) {
    try {
      const value: unknown = JSON.parse(decode(text));
      if (typeof value === 'object' && value !== null) return new Map(Object.entries(value));
    } catch {}
  }
  return new Map();
}

async function findTrigger({ cloud }: Context, name: string, type: string): Promise<TriggerInfo | undefined> {
  const { Triggers } = await cloud.scf('ListTriggers', { FunctionName: name, Limit: 100 });
  return Triggers?.find(({ Type, Qualifier }) => Type === type && (Qualifier ?? liveAlias) === liveAlias);
}

function netConfig(trigger: TriggerInfo): ReadonlyMap<string, unknown> {
  const value = descriptionOf(trigger).get('NetConfig');
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

/** The public address with its final slash, or undefined. */
export async function findUrl(context: Context, functionName: string): Promise<string | undefined> {
  const trigger = await findTrigger(context, functionName, 'http');
  const url = trigger && netConfig(trigger).get('ExtranetUrl');
  return typeof url === 'string' && url !== '' ? `${url.replace(/\/+$/, '')}/` : undefined;
}

async function createTrigger(
  { cloud }: Context,
  request: { name: string; Type: string; TriggerName: string; TriggerDesc: string },
) {
  const { name, ...trigger } = request;
  try {
    await cloud.scf('CreateTrigger', { FunctionName: name, Qualifier: liveAlias, Enable: 'OPEN', ...trigger });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

type Change = 'make' | 'change' | 'keep';

/** `change`: closed in the console, or set to another authentication than none. */
function urlChange(found: TriggerInfo | undefined): Change {
  if (!found) return 'make';
  const open = descriptionOf(found).get('AuthType') === 'NONE' && netConfig(found).get('EnableExtranet') === true;
  return open && found.Enable !== 0 ? 'keep' : 'change';
}

function timerChange(found: TriggerInfo | undefined, timer: string): Change {
  if (!found) return 'make';
  return descriptionOf(found).get('cron') === timer && found.Enable !== 0 ? 'keep' : 'change';
}

/** No code is listed for the triggers of a function that does not exist, so the function is read first. */
async function findIfAny(context: Context, name: string, type: string): Promise<TriggerInfo | undefined> {
  return (await getFunction(context, name)) && findTrigger(context, name, type);
}

export async function urlDiffers(context: Context, functionName: string): Promise<Change> {
  return urlChange(await findIfAny(context, functionName, 'http'));
}

export async function timerDiffers(context: Context, functionName: string): Promise<Change> {
  return timerChange(await findIfAny(context, functionName, 'timer'), context.settings.timer);
}

interface Wanted {
  readonly functionName: string;
  readonly Type: 'http' | 'timer';
  /** Name of a new trigger; the cloud replaces it by the id of the URL. */
  readonly name: string;
  readonly TriggerDesc: string;
  readonly found: TriggerInfo | undefined;
}

async function bring(context: Context, wanted: Wanted, change: Change): Promise<void> {
  const { functionName, Type, name, TriggerDesc, found } = wanted;
  if (change === 'make') await createTrigger(context, { name: functionName, Type, TriggerName: name, TriggerDesc });
  if (change !== 'change') return;
  await context.cloud.scf('UpdateTrigger', {
    FunctionName: functionName,
    TriggerName: found?.TriggerName || name,
    Type,
    Qualifier: liveAlias,
    Enable: 'OPEN',
    TriggerDesc,
  });
}

/** Makes the Function URL if missing, opens it if it was closed, and returns the address. */
export async function ensureUrl(context: Context, functionName: string): Promise<string> {
  return context.report.step(
    'Function URL',
    async () => {
      const found = await findTrigger(context, functionName, 'http');
      const TriggerDesc = JSON.stringify(urlSettings);
      const wanted: Wanted = { functionName, Type: 'http', name: urlName, TriggerDesc, found };
      await bring(context, wanted, urlChange(found));
      const waiting = { what: 'its address', timeout: minutes(2), usually: 'some seconds' };
      return waitFor(context, waiting, () => findUrl(context, functionName));
    },
    () => 'Function URL',
  );
}

/** Makes the timer if missing and corrects its schedule. */
export async function ensureTimer(context: Context, functionName: string): Promise<void> {
  const { report, settings } = context;
  const { timer } = settings;
  await report.step(
    'Timer',
    async () => {
      const found = await findTrigger(context, functionName, 'timer');
      const wanted: Wanted = { functionName, Type: 'timer', name: timerName, TriggerDesc: timer, found };
      await bring(context, wanted, timerChange(found, timer));
    },
    () => `Timer ${timer} on ${functionName}`,
  );
}
