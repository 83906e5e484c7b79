/**
 * Removes what deploy made, in the order in which the cloud lets go: the domain, functions (with URL, timer and versions), logs,
 * and the database with --delete-data; the network last, because a cluster that stays needs it.
 */
import { CloudError } from './cloud-errors';
import { removeCluster } from './cluster-removal';
import { findCluster } from './clusters';
import type { Context } from './context';
import { deployedVariables } from './deployed';
import { removeDomain } from './domain';
import { mark } from './function-plan';
import { deleteFunction, getFunction } from './functions';
import { removeLogTopic } from './log-topic';
import { everyFunctionName } from './names';
import { removeNetwork } from './network';

/** True if there was one. */
async function removeFunctions(context: Context): Promise<boolean> {
  const { report, settings } = context;
  let found = false;
  for (const name of everyFunctionName(settings)) {
    const current = await getFunction(context, name);
    if (!current) continue;
    found = true;
    if (!current.Description?.startsWith(mark)) {
      report.warn(`Function ${name} was not made by this command; it stays.`);
      continue;
    }
    await report.step(
      `Function ${name}`,
      () => deleteFunction(context, name),
      () => `Function ${name} removed`,
    );
  }
  return found;
}

/** True if no cluster is left that needs the network. A cluster with `database: existing` is never changed. */
async function removeDatabase(context: Context, deleteData: boolean): Promise<boolean> {
  const { report, settings } = context;
  const cluster = await findCluster(context);
  if (!cluster) return true;
  if (settings.database === 'existing') {
    report.note(`Database cluster ${cluster.id} stays: provider.database is existing.`);
    return false;
  }
  if (!deleteData) {
    report.note(`Database cluster ${cluster.id} stays, with its data, its network and its price.`);
    report.note('`npx sls deploy` uses it again; `npx sls remove --delete-data` deletes it permanently.');
    return false;
  }
  await report.step(
    `Database cluster ${cluster.id}`,
    () => removeCluster(context, cluster),
    () => `Database cluster ${cluster.id} deleted with its data`,
  );
  return true;
}

/** The functions have the only copy, unless .env has one; the database that stays cannot be read without them. */
async function showDataKeys(context: Context): Promise<void> {
  const { env, report } = context;
  const dataKeys = (await deployedVariables(context))['DATA_KEYS'] ?? '';
  if (dataKeys === '' || env['DATA_KEYS'] === dataKeys) return;
  report.print(`data keys: ${dataKeys}`);
  report.note('Put them into .env as DATA_KEYS before the next deploy: the passwords in the database need them.');
}

async function removeOwnNetwork(context: Context): Promise<void> {
  try {
    await context.report.step(
      'Network',
      () => removeNetwork(context),
      (removed) => (removed ? 'Network removed' : undefined),
    );
  } catch (error) {
    // Functions release their addresses in a subnet with a delay that no page states.
    if (!(error instanceof CloudError) || !error.code.startsWith('ResourceInUse')) throw error;
    context.report.warn('The network is still in use. It is free; run `npx sls remove` again in an hour.');
  }
}

export async function remove(context: Context, options: { deleteData: boolean }): Promise<void> {
  const { report, settings } = context;
  await report.step(
    'Domain',
    () => removeDomain(context),
    (removed) => (removed ? `Domain ${settings.domain?.name} removed` : undefined),
  );
  if (!options.deleteData) await showDataKeys(context);
  const functions = await removeFunctions(context);
  const logs = await report.step(
    'Log topic',
    () => removeLogTopic(context),
    (removed) => (removed ? 'Log topic removed' : undefined),
  );
  const free = await removeDatabase(context, options.deleteData);
  if (free && !settings.vpc) await removeOwnNetwork(context);
  context.state.write({});
  if (!functions && !logs) report.note(`${settings.name} has no functions and no logs in ${settings.region}.`);
}
