/**
 * The Function URL and the timer. A trigger is compared before it is touched: making a URL anew would change it, and
 * the apps have it built in.
 */
import type { TriggerInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { isDuplicate } from './cloud-errors';
import { minutes } from './clock';
import type { Context } from './context';
import { liveAlias } from './functions';
import { waitFor } from './wait';

const urlName = 'url';
const timerName = 'maintenance';

/** Public and without authentication: the API has its own. CORS is answered by the application. */
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

/** Makes the Function URL where missing, opens it where somebody closed it, and answers the address. */
export async function ensureUrl(context: Context, functionName: string): Promise<string> {
  const { cloud, report } = context;
  const TriggerDesc = JSON.stringify(urlSettings);
  return report.step(
    'Function URL',
    async () => {
      const found = await findTrigger(context, functionName, 'http');
      if (!found) {
        await createTrigger(context, { name: functionName, Type: 'http', TriggerName: urlName, TriggerDesc });
      } else if (
        descriptionOf(found).get('AuthType') !== 'NONE' ||
        netConfig(found).get('EnableExtranet') !== true ||
        found.Enable === 0
      ) {
        await cloud.scf('UpdateTrigger', {
          FunctionName: functionName,
          TriggerName: found.TriggerName || urlName,
          Type: 'http',
          Qualifier: liveAlias,
          Enable: 'OPEN',
          TriggerDesc,
        });
      }
      const waiting = { what: 'its address', timeout: minutes(2), usually: 'some seconds' };
      return waitFor(context, waiting, () => findUrl(context, functionName));
    },
    () => 'Function URL',
  );
}

/** Makes the timer where missing and corrects its schedule. */
export async function ensureTimer(context: Context, functionName: string): Promise<void> {
  const { cloud, report, settings } = context;
  await report.step(
    'Timer',
    async () => {
      const found = await findTrigger(context, functionName, 'timer');
      if (!found) {
        await createTrigger(context, {
          name: functionName,
          Type: 'timer',
          TriggerName: timerName,
          TriggerDesc: settings.timer,
        });
      } else if (descriptionOf(found).get('cron') !== settings.timer || found.Enable === 0) {
        await cloud.scf('UpdateTrigger', {
          FunctionName: functionName,
          TriggerName: found.TriggerName || timerName,
          Type: 'timer',
          Qualifier: liveAlias,
          Enable: 'OPEN',
          TriggerDesc: settings.timer,
        });
      }
    },
    () => `Timer ${settings.timer} on ${functionName}`,
  );
}
