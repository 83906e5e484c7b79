/** `sls rollback`: sends requests to an earlier version. The URL stays; the database is not rolled back. */
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { environmentSize, type Variables } from './environment';
import { codeIn, variablesOf } from './function-plan';
import { getFunction, listVersions, liveVersion, switchTo } from './functions';
import { showHealth } from './health';
import { functionNames } from './names';
import { readsDataOf } from './secrets';
import { findUrl } from './triggers';

/** Variables that must be equal, or the old version would not work. */
const mustMatch = ['MYSQL_HOST', 'MYSQL_PORT', 'MYSQL_USER', 'MYSQL_PASSWORD', 'MYSQL_DB', 'TOKEN_SECRET'];

async function environmentOf(context: Context, name: string, qualifier?: string): Promise<Variables> {
  return variablesOf(await getFunction(context, name, qualifier));
}

/** The release mark of the version, if it has one. */
async function checkEnvironment(context: Context, name: string, version: number): Promise<string | undefined> {
  const [now, then] = [await environmentOf(context, name), await environmentOf(context, name, String(version))];
  // If the cloud does not return a version's environment, there is nothing to compare.
  if (environmentSize(then) === 0) return undefined;
  const changed = mustMatch.filter((key) => now[key] !== then[key]);
  if (!readsDataOf(then, now)) changed.push('DATA_KEYS');
  if (changed.length === 0) return then['DEPLOYED_RELEASE'];
  throw new DeployError(
    `Version ${version} has another ${changed.join(', ')} than now and would not work. ` +
      'Check out the code of that version and run `npx sls deploy` instead.',
  );
}

/** `to`: a version number, or undefined for the version before the live one. */
export async function rollback(context: Context, to: number | undefined): Promise<void> {
  const { report, settings } = context;
  const names = functionNames(settings);
  if (!(await getFunction(context, names.main))) throw new DeployError(`${names.main} is not deployed.`);
  const live = await liveVersion(context, names.main);
  const versions = await listVersions(context, names.main);
  const target =
    to === undefined
      ? versions.find(({ number }) => number < Number(live))
      : versions.find(({ number }) => number === to);
  if (!target) {
    const numbers = versions.map(({ number }) => number).join(', ') || 'none';
    throw new DeployError(`There is no such version. Versions: ${numbers}; live is ${live}.`);
  }
  const release = await checkEnvironment(context, names.main, target.number);
  if (!(await switchTo(context, names.main, target.number))) throw new DeployError('Nothing was changed.');
  report.note(`✔ ${names.main}: version ${target.number} is live (was ${live})`);
  await follow(context, codeIn(target.description));
  const url = await findUrl(context, names.main);
  if (url) await showHealth(context, url, release);
}

/** Moves the scheduled function to the newest of its versions with the same code. */
async function follow(context: Context, code: string | undefined): Promise<void> {
  const { main, scheduled } = functionNames(context.settings);
  if (scheduled === main) return;
  const match = (await listVersions(context, scheduled)).find(({ description }) => codeIn(description) === code);
  if (!match) return context.report.warn(`${scheduled} has no version with that code and stays as it is.`);
  if (await switchTo(context, scheduled, match.number)) {
    context.report.note(`✔ ${scheduled}: version ${match.number} is live`);
  }
}
