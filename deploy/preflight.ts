/**
 * Looks at everything that can be wrong before anything is made or bought, and says all of it at once, with the page
 * of the console where the missing thing is found.
 */
import type { Cloud } from './cloud';
import { isAbsent, isForbidden } from './cloud-errors';
import { DeployError, listOf } from './deploy-error';
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

/** How much deploy adds to the environment of the functions, in bytes. */
const addedLater = 250;

/** Problems of serverless.yml and the environment. Nothing is asked over the network. */
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

export const missingCredential = [
  'There is no API key to deploy with. Make one at https://console.cloud.tencent.com/cam/capi (better: for a user that',
  'has only the policy of docs/deploy.md) and put it into .env or the environment:',
  '  TENCENT_SECRET_ID=...',
  '  TENCENT_SECRET_KEY=...',
  'tccli (`tccli configure`) and ~/.tencentcloud/credentials work too.',
].join('\n');

async function roleProblem(cloud: Cloud, role: string, absentText: string): Promise<string | undefined> {
  try {
    await cloud.cam('GetRole', { RoleName: role });
  } catch (error) {
    if (isAbsent(error)) return absentText;
    // A key that may not look at roles can still deploy; SCF will say so if the role is not there.
    if (!isForbidden(error)) throw error;
  }
  return undefined;
}

async function accountProblems(cloud: Cloud, settings: Settings): Promise<string[]> {
  const found = [
    await roleProblem(
      cloud,
      'SCF_QcsRole',
      'SCF has never been used in this account: open https://console.cloud.tencent.com/scf once and authorise it',
    ),
  ];
  if (settings.role !== '') {
    const page = 'https://console.cloud.tencent.com/cam/role';
    found.push(await roleProblem(cloud, settings.role, `provider.role ${settings.role} does not exist (${page})`));
  }
  return found.filter((problem) => problem !== undefined);
}

export interface Preflight {
  readonly cloud: Cloud | undefined;
  readonly settings: Settings;
  readonly env: Variables;
  readonly report: Reporter;
}

/** Throws DeployError naming everything that is wrong. */
export async function preflight({ cloud, settings, env, report }: Preflight): Promise<void> {
  const problems = configurationProblems(settings, env);
  for (const warning of serviceEnvironment(env, settings.database === 'serverless').warnings) report.warn(warning);
  if (!cloud) {
    const rest = problems.length > 0 ? `\n\n${listOf('Also:', problems).message}` : '';
    throw new DeployError(missingCredential + rest);
  }
  if (problems.length > 0) throw listOf('Cannot deploy yet:', problems);
  await report.step(
    'Account',
    async () => {
      const { AccountId } = await cloud.sts('GetCallerIdentity', null);
      const account = await accountProblems(cloud, settings);
      if (account.length > 0) throw listOf('Cannot deploy yet:', account);
      return AccountId;
    },
    (account) => `Account ${account}, region ${settings.region}, stage ${settings.stage}`,
  );
}
