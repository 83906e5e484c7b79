/** `sls info`: what is deployed, as the cloud says it. Changes nothing, and prints no secret. */
import { orAbsent } from './cloud';
import { findCluster } from './clusters';
import type { Context } from './context';
import { domainChange } from './domain';
import { codeIn, variablesOf } from './function-plan';
import { getFunction, listVersions, liveVersion } from './functions';
import { findLogTopic } from './log-topic';
import { functionNames } from './names';
import { findUrl } from './triggers';

/** SCF stops functions of accounts without money, and leaves them Active. */
const overdue = (available: string | undefined): string =>
  available === 'InsufficientBalance' ? ', STOPPED: the account has no money left' : '';

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

async function describeDomain(context: Context): Promise<string> {
  const { domain, name } = { domain: context.settings.domain?.name ?? '', name: functionNames(context.settings).main };
  return (await domainChange(context, name)) === 'make' ? `${domain} is not there yet` : `https://${domain}/`;
}

export async function info(context: Context): Promise<void> {
  const { report, settings } = context;
  const names = functionNames(settings);
  const deployed = await getFunction(context, names.main);
  const url = deployed ? await findUrl(context, names.main) : undefined;
  const topic = await findLogTopic(context);
  const sections: [string, string[]][] = [
    ['service', [`${settings.service}, stage ${settings.stage}, region ${settings.region}`]],
    ['url', [url ?? 'none']],
    ...(settings.domain ? [['domain', [await describeDomain(context)]] satisfies [string, string[]]] : []),
    ['functions', (await Promise.all(names.all.map((name) => describeFunction(context, name)))).flat()],
    ['database', await describeDatabase(context)],
    ['logs', [topic ? `${topic.topicId}, kept for ${settings.retentionDays} days` : 'none']],
  ];
  for (const [title, lines] of sections) {
    report.print(lines.length === 1 ? `${title}: ${lines[0]}` : `${title}:\n  ${lines.join('\n  ')}`);
  }
}
