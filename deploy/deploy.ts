/**
 * The whole deploy, one step after the other. Every step finds what is there before it makes anything, so that it can
 * be run again at any time: after a change, after a crash, or for nothing.
 */
import { randomBytes } from 'node:crypto';
import type { CodePackage } from './bundle';
import type { Context } from './context';
import { ensureDatabase, passwordDelivered } from './database';
import { DeployError } from './deploy-error';
import { environmentLimit, environmentSize, serviceEnvironment, type Variables } from './environment';
import { variablesOf } from './function-plan';
import { ensureFunction, getFunction } from './functions';
import { showHealth } from './health';
import { ensureLogTopic } from './log-topic';
import { functionNames } from './names';
import { ensureNetwork } from './network';
import { ensureTimer, ensureUrl } from './triggers';

export interface DeployOptions {
  readonly code: CodePackage;
  /** Upload and publish even where nothing differs. */
  readonly force: boolean;
  readonly rotate: 'none' | 'token-secret' | 'database-password';
}

/**
 * Signs the tokens of signed-in users. One from .env wins; a generated one is kept in the environment of the functions,
 * where the next deploy reads it. After `sls remove` it is gone and users sign in again.
 */
function tokenSecret(given: Variables, deployed: Variables, rotate: boolean): string {
  const kept = rotate ? undefined : deployed['TOKEN_SECRET'];
  return given['TOKEN_SECRET'] ?? kept ?? randomBytes(32).toString('base64url');
}

/** The environment of the functions as deployed, of whichever of them exists. */
async function deployedVariables(context: Context): Promise<Variables> {
  for (const name of functionNames(context.settings).all) {
    const variables = variablesOf(await getFunction(context, name));
    if (Object.keys(variables).length > 0) return variables;
  }
  return {};
}

function checkRotation({ env, settings }: Context, rotate: DeployOptions['rotate']): void {
  if (rotate === 'token-secret' && env['TOKEN_SECRET']) {
    throw new DeployError('TOKEN_SECRET is set in .env or the environment: change it there, then deploy.');
  }
  if (rotate === 'database-password' && settings.database === 'existing') {
    throw new DeployError('The database is your own: change its password there and in .env, then deploy.');
  }
}

export async function deploy(context: Context, { code, force, rotate }: DeployOptions): Promise<void> {
  const { env, settings } = context;
  checkRotation(context, rotate);
  const own = settings.database === 'serverless';
  const deployed = await deployedVariables(context);
  const network = own || settings.vpc ? await ensureNetwork(context) : undefined;
  const database = await ensureDatabase(context, network, { deployed, rotate: rotate === 'database-password' });
  const logs = await ensureLogTopic(context);
  const { variables: given } = serviceEnvironment(env, own);
  const variables = {
    ...given,
    ...database,
    TOKEN_SECRET: tokenSecret(given, deployed, rotate === 'token-secret'),
    // The web function has no keys of the role between requests: it leaves what needs them to the scheduled function.
    ...(settings.role === '' ? {} : { TRTC_ROLE: 'true' }),
  };
  const size = environmentSize(variables);
  if (size > environmentLimit)
    throw new DeployError(`The environment has ${size} bytes; SCF allows ${environmentLimit}.`);
  const names = functionNames(settings);
  const shared = { settings, code, variables, network, logs };
  const type = settings.functionType === 'web' ? 'HTTP' : 'Event';
  await ensureFunction(context, { ...shared, name: names.main, type }, force);
  if (names.scheduled !== names.main) {
    await ensureFunction(context, { ...shared, name: names.scheduled, type: 'Event' }, force);
  }
  passwordDelivered(context);
  const url = await ensureUrl(context, names.main);
  await ensureTimer(context, names.scheduled);
  await showHealth(context, url);
}
