/** `sls info`: the deployed resources, read from the cloud. Changes nothing, and prints no secret. */
import { orAbsent } from './cloud';
import { CloudError } from './cloud-errors';
import { findCluster } from './clusters';
import type { Context } from './context';
import { domainChange } from './domain';
import { codeIn, variablesOf } from './function-plan';
import { getFunction, listVersions, liveVersion } from './functions';
import { findLogTopic } from './log-topic';
import { functionNames } from './names';
import { findUrl } from './triggers';

/** SCF stops the functions of an account in arrears, and leaves them Active. */
const overdue = (available: string | undefined): string =>
  available === 'InsufficientBalance' ? ', STOPPED: insufficient account balance' : '';

async function describeFunction(context: Context, name: string): Promise<string[]> {
  const current = await getFunction(context, name);
  if (!current) return [`${name}: not deployed`];
  const live = await liveVersion(context, name);
  const lines = [
    `${name}: ${current.Status}, ${current.Type === 'HTTP' ? 'web' : 'event'}, ${current.Runtime}, ` +
      `${current.MemorySize} MB, ${current.Timeout} s, version ${live} is live${overdue(current.AvailableStatus)}`,
  ];
  for (const { number, addedAt, description } of await listVersions(context, name)) {
    const marker = String(number) === live ? '→' : ' ';
    lines.push(`  ${marker} version ${number}, ${addedAt}, code ${codeIn(description) ?? 'unknown'}`);
  }
  return lines;
}

async function describeDatabase(context: Context): Promise<string[]> {
  const { cloud, settings } = context;
  if (settings.database === 'existing') {
    const variables = variablesOf(await getFunction(context, functionNames(settings).main));
    const host = variables['MYSQL_HOST'];
    return [host ? `your own at ${host}:${variables['MYSQL_PORT'] ?? '3306'}` : 'your own'];
  }
  const cluster = await findCluster(context);
  if (!cluster) return ['none'];
  const detail = (await orAbsent(cloud.cynosdb('DescribeClusterDetail', { ClusterId: cluster.id })))?.Detail;
  const state = [cluster.status, detail?.ServerlessStatus].filter(Boolean).join(', ');
  return [
    `${cluster.id}: ${state}, ${detail?.Vip ?? 'no address yet'}:${detail?.Vport ?? ''}, MySQL ${detail?.DbVersion ?? ''}`,
  ];
}

async function describeDomain(context: Context): Promise<string[]> {
  const domain = context.settings.domain?.name ?? '';
  const change = await domainChange(context, functionNames(context.settings).main);
  return [change === 'make' ? `${domain} is not deployed` : `https://${domain}/`];
}

async function describeUrl(context: Context): Promise<string[]> {
  const { main } = functionNames(context.settings);
  const url = (await getFunction(context, main)) && (await findUrl(context, main));
  return [url ?? 'none'];
}

async function describeLogs(context: Context): Promise<string[]> {
  const topic = await findLogTopic(context);
  return [topic ? `${topic.topicId}, kept for ${context.settings.retentionDays} days` : 'none'];
}

async function describeFunctions(context: Context): Promise<string[]> {
  const { all } = functionNames(context.settings);
  return (await Promise.all(all.map((name) => describeFunction(context, name)))).flat();
}

/** A refusal (an account in arrears, a missing permission) hides one section, not the rest. */
async function readable(section: Promise<string[]>): Promise<string[]> {
  try {
    return await section;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return [`unknown. ${error.message.replaceAll('\n', ' ')}`];
  }
}

export async function info(context: Context): Promise<void> {
  const { report, settings } = context;
  const sections: [string, (context: Context) => Promise<string[]>][] = [
    ['url', describeUrl],
    ...(settings.domain ? ([['domain', describeDomain]] satisfies [string, typeof describeDomain][]) : []),
    ['functions', describeFunctions],
    ['database', describeDatabase],
    ['logs', describeLogs],
  ];
  report.print(`service: ${settings.service}, stage ${settings.stage}, region ${settings.region}`);
  for (const [title, describe] of sections) {
    const lines = await readable(describe(context));
    report.print(lines.length === 1 ? `${title}: ${lines[0]}` : `${title}:\n  ${lines.join('\n  ')}`);
  }
}
