/**
 * Checks everything that can be wrong before anything is made or bought, and lists all of it, with the page of the console
 * for each missing thing.
 */
import type { Cloud } from './cloud';
import { CloudError, isAbsent, isForbidden } from './cloud-errors';
import { DeployError, listOf } from './deploy-error';
import { domainProblem } from './domain';
import { environmentLimit, environmentSize, serviceEnvironment, type Variables } from './environment';
import type { Reporter } from './reporter';
import type { Settings } from './settings';

const pages: readonly [RegExp, string][] = [
  [/^TRTC_TIM_(APPID|SECRET)/, 'https://console.cloud.tencent.com/trtc/app'],
  [/^MYSQL_/, 'or set provider.database to serverless in serverless.yml'],
];

const withPage = (problem: string): string => {
  const page = pages.find(([pattern]) => pattern.test(problem))?.[1];
  return page ? `${problem} (${page})` : problem;
};

/** Bytes that deploy adds to the environment of the functions. */
const addedLater = 430;

/** Problems of serverless.yml and the environment. Makes no request. */
export function configurationProblems(settings: Settings, env: Variables): string[] {
  const own = settings.database === 'serverless';
  const { variables, problems } = serviceEnvironment(env, own);
  const found = problems.map((problem) => withPage(problem));
  if (!own && !env['MYSQL_USER']) found.push(withPage('MYSQL_USER is required for an existing database'));
  if (!own && !env['MYSQL_PASSWORD']) found.push(withPage('MYSQL_PASSWORD is required for an existing database'));
  if (!own && /^(localhost|127\.|\[?::1)/.test(env['MYSQL_HOST'] ?? '')) {
    found.push('MYSQL_HOST must be an address that the function can reach, not this computer');
  }
  if (settings.cluster.minCpu > settings.cluster.maxCpu) found.push('provider.cluster.minCpu is above maxCpu');
  if (settings.functionType === 'web' && !/^[A-Za-z][A-Za-z0-9-]{0,52}$/.test(settings.name)) {
    found.push(`the name ${settings.name} is too long or has characters that a function name cannot have`);
  }
  const size = environmentSize(variables) + addedLater;
  if (size > environmentLimit) {
    found.push(`the environment needs ${size} of the ${environmentLimit} bytes SCF allows; shorten TENANTS or others`);
  }
  return found;
}

/** `command`: deploy, info … */
export const missingCredential = (command: string): string =>
  [
    `\`sls ${command}\` needs an API key. Make one at https://console.cloud.tencent.com/cam/capi (better: for a user with`,
    'only the policy of docs/deploy.md) and put it into .env or the environment:',
    '  TENCENT_SECRET_ID=...',
    '  TENCENT_SECRET_KEY=...',
    'tccli (`tccli configure`) and ~/.tencentcloud/credentials work too.',
    ...(command === 'deploy' ? ['`npx sls deploy --plan` works without one.'] : []),
  ].join('\n');

async function roleProblem(cloud: Cloud, role: string, absentText: string): Promise<string | undefined> {
  try {
    await cloud.cam('GetRole', { RoleName: role });
  } catch (error) {
    if (isAbsent(error)) return absentText;
    // A key without this permission can still deploy; SCF refuses later if the role does not exist.
    if (!isForbidden(error)) throw error;
  }
  return undefined;
}

/** The log service is free and needed: deploy opens it with --open-cls, and otherwise says how to. */
async function logServiceProblem({ cloud, openLogs, report }: Required<Preflight>): Promise<string | undefined> {
  try {
    const { Status } = await cloud.cls('GetClsService', null);
    if (Status !== 1) return undefined;
    if (!openLogs) {
      return (
        'the log service CLS has not been opened in this account (free; logs are paid by the GB): open ' +
        'https://console.cloud.tencent.com/cls once, or let `npx sls deploy --open-cls` do it'
      );
    }
    await cloud.cls('OpenClsService', null);
    report.note('✔ Log service opened');
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    // The log topic is made before anything that costs money, and its refusal names the same page.
    report.warn(`Whether the log service is open could not be checked; continuing. ${error.message}`);
  }
  return undefined;
}

async function accountProblems(parts: Required<Preflight>): Promise<string[]> {
  const { cloud, settings } = parts;
  const found = [
    await roleProblem(
      cloud,
      'SCF_QcsRole',
      'SCF is not authorised in this account: open https://console.cloud.tencent.com/scf once and authorise it (as the ' +
        'root account; a sub-user cannot)',
    ),
    await logServiceProblem(parts),
  ];
  if (settings.role !== '') {
    const page = 'https://console.cloud.tencent.com/cam/role';
    found.push(await roleProblem(cloud, settings.role, `provider.role ${settings.role} does not exist (${page})`));
  }
  return found.filter((problem) => problem !== undefined);
}

export interface Preflight {
  readonly cloud: Cloud;
  readonly settings: Settings;
  readonly env: Variables;
  readonly report: Reporter;
  /** Open the log service if it is not open. */
  readonly openLogs: boolean;
  /** Settings from the shell. */
  readonly shell: readonly string[];
}

/** Throws DeployError that lists everything that is wrong. */
export async function preflight(parts: Omit<Preflight, 'cloud'> & { cloud: Cloud | undefined }): Promise<void> {
  const { cloud, settings, env, report, shell } = parts;
  const problems = configurationProblems(settings, env);
  for (const warning of serviceEnvironment(env, settings.database === 'serverless').warnings) report.warn(warning);
  if (!cloud) {
    const rest = problems.length > 0 ? `\n\n${listOf('Also:', problems).message}` : '';
    throw new DeployError(missingCredential('deploy') + rest);
  }
  if (problems.length > 0) throw listOf('Cannot deploy yet:', problems);
  if (shell.length > 0) report.warn(`Taken from your shell environment, not from .env: ${shell.join(', ')}.`);
  await report.step(
    'Account',
    async () => {
      const { AccountId } = await cloud.sts('GetCallerIdentity', null);
      const account = await accountProblems({ ...parts, cloud });
      if (account.length > 0) throw listOf('Cannot deploy yet:', account);
      // The record can be added while the rest is made: the domain is the last step.
      const record = await domainProblem({ cloud, settings });
      if (record !== undefined) report.warn(record);
      return AccountId;
    },
    (account) => `Account ${account}, region ${settings.region}, stage ${settings.stage}`,
  );
}
