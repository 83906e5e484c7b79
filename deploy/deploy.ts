/**
 * The whole deploy, one step after the other. Every step finds what is there before it makes anything, so that it can
 * be run again at any time: after a change, after a crash, or for nothing. What costs nothing comes first.
 */
import type { CodePackage } from './bundle';
import type { Context } from './context';
import { ensureDatabase, passwordDelivered } from './database';
import { DeployError } from './deploy-error';
import { ensureDomain } from './domain';
import { environmentLimit, environmentSize, serviceEnvironment, type Variables } from './environment';
import { type FunctionPlan, fingerprint, variablesOf } from './function-plan';
import { ensureFunction, getFunction } from './functions';
import { showHealth } from './health';
import { ensureLogTopic, type LogTopic } from './log-topic';
import { functionNames } from './names';
import type { Network } from './network';
import { type SecretSources, type Secrets, secretsFor } from './secrets';
import { ensureTimer, ensureUrl } from './triggers';

export interface DeployOptions {
  readonly code: CodePackage;
  /** Upload and publish even where nothing differs. */
  readonly force: boolean;
  readonly rotate: SecretSources['rotate'];
}

/** The environment of the functions as deployed, of whichever of them exists. */
export async function deployedVariables(context: Context): Promise<Variables> {
  for (const name of functionNames(context.settings).all) {
    const variables = variablesOf(await getFunction(context, name));
    if (Object.keys(variables).length > 0) return variables;
  }
  return {};
}

function checkRotation({ env, settings }: Context, rotate: DeployOptions['rotate']): void {
  const own = { 'token-secret': 'TOKEN_SECRET', 'admin-key': 'ADMIN_KEY' };
  const name = rotate === 'token-secret' || rotate === 'admin-key' ? own[rotate] : undefined;
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

/** What each function is to look like, the one with the URL first. Throws DeployError when its environment is too large. */
export function functionPlans({ env, settings }: Context, parts: Parts): readonly [FunctionPlan, ...FunctionPlan[]] {
  const { variables: given } = serviceEnvironment(env, settings.database === 'serverless');
  const variables: Variables = {
    ...given,
    ...parts.database,
    ...parts.secrets.variables,
    // The web function has no keys of the role between requests: it leaves what needs them to the scheduled function.
    ...(settings.role === '' ? {} : { TRTC_ROLE: 'true' }),
  };
  const { code, network, logs } = parts;
  const plan = (name: string, type: FunctionPlan['type']): FunctionPlan => {
    const bare = { settings, code, variables, network, logs, name, type };
    // Answered at /, so that the end of a deploy can be told from the version before.
    const marked = { ...bare, variables: { ...variables, DEPLOYED_RELEASE: fingerprint(bare) } };
    const size = environmentSize(marked.variables);
    if (size <= environmentLimit) return marked;
    throw new DeployError(`The environment has ${size} bytes; SCF allows ${environmentLimit}.`);
  };
  const { main, scheduled } = functionNames(settings);
  const first = plan(main, settings.functionType === 'web' ? 'HTTP' : 'Event');
  return scheduled === main ? [first] : [first, plan(scheduled, 'Event')];
}

function showAdminKey({ report }: Context, { newAdminKey }: Secrets): void {
  if (newAdminKey === undefined) return;
  report.print(`admin key: ${newAdminKey}`);
  report.note('Shown this once: it opens the admin API for all tenants. `--rotate admin-key` makes a new one.');
}

export async function deploy(context: Context, { code, force, rotate }: DeployOptions): Promise<void> {
  const { env, settings } = context;
  checkRotation(context, rotate);
  const deployed = await deployedVariables(context);
  const logs = await ensureLogTopic(context);
  const { variables: database, network } = await ensureDatabase(context, {
    deployed,
    rotate: rotate === 'database-password',
  });
  const secrets = secretsFor({ given: env, deployed, rotate });
  const plans = functionPlans(context, { code, database, network, logs, secrets });
  // Before the functions have it: a deploy that dies in between makes and shows another one, and none is lost.
  showAdminKey(context, secrets);
  for (const plan of plans) await ensureFunction(context, plan, force);
  passwordDelivered(context);
  const names = functionNames(settings);
  const url = await ensureUrl(context, names.main);
  await ensureTimer(context, names.scheduled);
  await showHealth(context, url, plans[0].variables['DEPLOYED_RELEASE']);
  const domain = await ensureDomain(context, names.main);
  if (domain !== undefined) context.report.print(`domain: ${domain}`);
}
