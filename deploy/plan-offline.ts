/** `sls deploy --plan` without an API key: the plan and the price for an empty account, from serverless.yml only. */
import { functionNames } from './names';
import { line } from './plan';
import { clusterCost } from './prices';
import type { Reporter } from './reporter';
import type { Settings } from './settings';

function planLines(settings: Settings): string[] {
  const { cluster, database, domain, functionType, memorySize, retentionDays, timer, vpc } = settings;
  const { main, scheduled } = functionNames(settings);
  const own = database === 'serverless';
  const size = `${cluster.minCpu} to ${cluster.maxCpu} CCU`;
  return [
    line('+', `Log topic, kept for ${retentionDays} days (paid by the GB written)`),
    ...(vpc ? [line('=', `Network ${vpc.vpcId}, ${vpc.subnetId} (yours)`)] : []),
    ...(own && !vpc ? [line('+', 'Private network with a subnet (free)')] : []),
    own
      ? line('+', `Database cluster, MySQL ${cluster.version}, ${size}. ${clusterCost(settings)}`)
      : line('=', 'Your own database'),
    line('+', `${functionType === 'web' ? 'Web' : 'Event'} function ${main}, ${memorySize} MB (paid by use)`),
    ...(scheduled === main ? [] : [line('+', `Event function ${scheduled}, ${memorySize} MB (paid by use)`)]),
    line('+', 'Function URL'),
    line('+', `Timer ${timer}`),
    ...(domain ? [line('+', `Domain ${domain.name}`)] : []),
  ];
}

/** `missing`: the problems that stop a deploy. Makes no request. */
export function showOfflinePlan(report: Reporter, settings: Settings, missing: readonly string[]): void {
  for (const text of planLines(settings)) report.print(text);
  report.note(
    `This is the plan for an empty account in ${settings.region}: without an API key yours cannot be compared. Prices are those of ` +
      "the vendor's pages (2026-11); the bill counts.",
  );
  report.note(['Before `npx sls deploy`:', ...missing.map((problem) => `  - ${problem}`)].join('\n'));
}
