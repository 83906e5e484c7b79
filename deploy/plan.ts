/**
 * `sls deploy --plan`: the resources that a deploy would make and change, and their price, found by the same requests and
 * comparisons. Makes and changes nothing.
 */
import type { CodePackage } from './bundle';
import { type Cluster, limitsToChange } from './cluster';
import { findCluster, type ListedCluster } from './clusters';
import type { Context } from './context';
import { functionPlans } from './deploy';
import { deployedVariables } from './deployed';
import { domainChange } from './domain';
import { databaseVariables, type Variables } from './environment';
import { changeWords, codeIn, differences, type FunctionPlan } from './function-plan';
import { getFunction } from './functions';
import { findLogTopic } from './log-topic';
import { functionNames } from './names';
import { findSubnets, findVpc, type Network, zoneOf } from './network';
import { clusterCost } from './prices';
import { secretsFor } from './secrets';
import { timerDiffers, urlDiffers } from './triggers';
import { choosePlace } from './zones';

type Mark = '+' | '~' | '=';

export const line = (mark: Mark, text: string): string => `${mark} ${text}`;

async function planCluster(context: Context, found: ListedCluster | undefined): Promise<string> {
  const { settings } = context;
  const { minCpu, maxCpu, version } = settings.cluster;
  if (found) {
    const change = await limitsToChange(context, found.id);
    return line(change ? '~' : '=', `Database cluster ${found.id} (${found.status})${change ? ': limits' : ''}`);
  }
  const place = await choosePlace(context, settings.vpc && (await zoneOf(context, settings.vpc.subnetId)));
  return line(
    '+',
    `Database cluster, MySQL ${version}, ${minCpu} to ${maxCpu} CCU in ${place.zone}. ${clusterCost(settings)}`,
  );
}

async function planNetwork(context: Context): Promise<{ network: Network; text: string }> {
  const { vpc } = context.settings;
  if (vpc) return { network: vpc, text: line('=', `Network ${vpc.vpcId}, ${vpc.subnetId} (yours)`) };
  const vpcId = await findVpc(context);
  const subnetId = vpcId === undefined ? undefined : (await findSubnets(context, vpcId))[0]?.id;
  const network = { vpcId: vpcId ?? '', subnetId: subnetId ?? '' };
  return subnetId === undefined
    ? { network, text: line('+', 'Private network with a subnet (free)') }
    : { network, text: line('=', `Network ${vpcId}, ${subnetId}`) };
}

/** The database variables of the deployed functions; {} before the first deploy. */
function databaseOf(
  deployed: Variables,
  cluster: Pick<Cluster, 'id'> | undefined,
  { env, settings }: Context,
): Variables {
  const source = settings.database === 'existing' ? env : cluster ? deployed : {};
  return Object.fromEntries(databaseVariables.flatMap((key) => (source[key] ? [[key, source[key]]] : [])));
}

async function planFunction(context: Context, plan: FunctionPlan): Promise<string> {
  const kind = plan.type === 'HTTP' ? 'Web function' : 'Event function';
  const current = await getFunction(context, plan.name);
  if (!current) return line('+', `${kind} ${plan.name}, ${plan.settings.memorySize} MB (paid by use)`);
  const code = codeIn(current.Description) === plan.code.hash ? [] : ['code'];
  const what = [...code, ...changeWords(plan, current, Object.keys(differences(plan, current)))];
  return what.length === 0 ? line('=', `${kind} ${plan.name}`) : line('~', `${kind} ${plan.name}: ${what.join(', ')}`);
}

async function planTriggers(context: Context): Promise<string[]> {
  const { settings } = context;
  const names = functionNames(settings);
  const marks = { make: '+', change: '~', keep: '=' } as const;
  const domain = await domainChange(context, names.main);
  return [
    line(marks[await urlDiffers(context, names.main)], 'Function URL'),
    line(marks[await timerDiffers(context, names.scheduled)], `Timer ${settings.timer}`),
    ...(domain && settings.domain ? [line(marks[domain], `Domain ${settings.domain.name}`)] : []),
  ];
}

export async function showPlan(context: Context, code: CodePackage): Promise<void> {
  const { env, report, settings } = context;
  const lines = await report.step(
    'Comparing with the account',
    async () => {
      const own = settings.database === 'serverless';
      const topic = await findLogTopic(context);
      const cluster = own ? await findCluster(context) : undefined;
      const { network, text } = await planNetwork(context);
      const deployed = await deployedVariables(context);
      const plans = functionPlans(context, {
        code,
        database: databaseOf(deployed, cluster, context),
        network: own || settings.vpc ? network : undefined,
        logs: topic ?? { logsetId: '', topicId: '' },
        secrets: secretsFor({ given: env, deployed, rotate: 'none' }),
      });
      const logs = `kept for ${settings.retentionDays} days (paid by the GB written)`;
      return [
        topic ? line('=', `Log topic ${topic.topicId}`) : line('+', `Log topic, ${logs}`),
        ...(own || settings.vpc ? [text] : []),
        ...(own ? [await planCluster(context, cluster)] : ['= Your own database']),
        ...(await Promise.all(plans.map((plan) => planFunction(context, plan)))),
        ...(await planTriggers(context)),
      ];
    },
    () => undefined,
  );
  for (const text of lines) report.print(text);
  report.note('Nothing was made or changed: + is created, ~ is changed, = stays. `npx sls deploy` does it.');
}
