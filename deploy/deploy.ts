/**
 * The whole deploy, one step after the other. Every step checks whether the resource exists before it makes it, so that a deploy can be
 * run again at any time. Free resources come first.
 */
import type { CodePackage } from './bundle';
import type { Context } from './context';
import { ensureDatabase, passwordDelivered } from './database';
import { DeployError } from './deploy-error';
import { deployedVariables } from './deployed';
import { ensureDomain } from './domain';
import { environmentLimit, environmentSize, serviceEnvironment, type Variables } from './environment';
import { type FunctionPlan, fingerprint } from './function-plan';
import { ensureFunction } from './functions';
import { showHealth } from './health';
import { ensureLogTopic, type LogTopic } from './log-topic';
import { functionNames } from './names';
import type { Network } from './network';
import { type Rotation, rotatedSetting, type Secrets, secretsFor } from './secrets';
import { ensureTimer, ensureUrl } from './triggers';

export interface DeployOptions {
  readonly code: CodePackage;
  /** Upload and publish even if nothing differs. */
  readonly force: boolean;
  readonly rotate: Rotation;
}

function checkRotation({ env, settings }: Context, rotate: Rotation): void {
  const name = rotatedSetting[rotate];
  if (name !== undefined && env[name]) {
    throw new DeployError(`${name} is set in .env or the environment: change it there, then deploy.`);
  }
  if (rotate === 'database-password' && settings.database === 'existing') {
    throw new DeployError('The database is your own: change its password there and in .env, then deploy.');
  }
}

export interface Parts {
  readonly code: CodePackage;
  readonly database: Variables;
  readonly network: Network | undefined;
  readonly logs: LogTopic;
  readonly secrets: Secrets;
}

/** The plan of each function, the one with the URL first. Throws DeployError if its environment is too large. */
export function functionPlans({ env, settings }: Context, parts: Parts): readonly [FunctionPlan, ...FunctionPlan[]] {
  const { variables: given } = serviceEnvironment(env, settings.database === 'serverless');
  const variables: Variables = {
    ...given,
    ...parts.database,
    ...parts.secrets.variables,
    // The web function has no keys of the role between requests: the scheduled function makes the calls that need them.
    ...(settings.role === '' ? {} : { TRTC_ROLE: 'true' }),
  };
  const { code, network, logs } = parts;
  const plan = (name: string, type: FunctionPlan['type']): FunctionPlan => {
    const bare = { settings, code, variables, network, logs, name, type };
    // Returned at /, which shows when requests reach the new version.
    const marked = { ...bare, variables: { ...variables, DEPLOYED_RELEASE: fingerprint(bare) } };
    const size = environmentSize(marked.variables);
    if (size <= environmentLimit) return marked;
    throw new DeployError(`The environment has ${size} bytes; SCF allows ${environmentLimit}.`);
  };
  const { main, scheduled } = functionNames(settings);
  const first = plan(main, settings.functionType === 'web' ? 'HTTP' : 'Event');
  return scheduled === main ? [first] : [first, plan(scheduled, 'Event')];
}

function showNewSecrets({ report }: Context, { newAdminKey, newDataKeys }: Secrets): void {
  if (newAdminKey !== undefined) {
    report.print(`admin key: ${newAdminKey}`);
    report.note('Shown once: it opens the admin API for all tenants. `--rotate admin-key` makes a new one.');
  }
  if (newDataKeys !== undefined) {
    report.print(`data keys: ${newDataKeys}`);
    report.note('Shown once: keep a copy. The passwords in the database cannot be read without them.');
  }
}

export async function deploy(context: Context, { code, force, rotate }: DeployOptions): Promise<void> {
  const { env, settings } = context;
  checkRotation(context, rotate);
  const deployed = await deployedVariables(context);
  const logs = await ensureLogTopic(context);
  const { variables: database, network } = await ensureDatabase(context, {
    deployed,
    rotate: rotate === 'database-password',
    keysKnown: rotate === 'data-keys' || Boolean(env['DATA_KEYS']) || Object.keys(deployed).length > 0,
  });
  const secrets = secretsFor({ given: env, deployed, rotate });
  const plans = functionPlans(context, { code, database, network, logs, secrets });
  // Shown before the functions have them: an interrupted deploy makes and shows others, and none is lost.
  showNewSecrets(context, secrets);
  for (const plan of plans) await ensureFunction(context, plan, force);
  passwordDelivered(context);
  const names = functionNames(settings);
  const url = await ensureUrl(context, names.main);
  await ensureTimer(context, names.scheduled);
  await showHealth(context, url, plans[0].variables['DEPLOYED_RELEASE']);
  const domain = await ensureDomain(context, names.main);
  if (domain !== undefined) context.report.print(`domain: ${domain}`);
}
