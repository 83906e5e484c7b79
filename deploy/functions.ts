/**
 * Makes a function as planned, or updates the differences, then publishes a version and moves the default alias to it.
 * Requests reach published versions only, so an interrupted deploy changes nothing for users.
 */
import type { GetFunctionResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { adviceFor } from './advice';
import { minutes } from './clock';
import { orAbsent } from './cloud';
import { CloudError, isDuplicate } from './cloud-errors';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import {
  changeWords,
  checkSame,
  codeIn,
  configurationOf,
  creationOf,
  describe,
  describeRelease,
  differences,
  type FunctionPlan,
  fingerprint,
  handler,
  releaseIn,
} from './function-plan';
import { waitFor } from './wait';

/** Every function has it; triggers that name it follow it from version to version. */
export const liveAlias = '$DEFAULT';
const latest = '$LATEST';
/** Versions that stay for `sls rollback`; SCF limits their number per function. */
const keptVersions = 5;

export async function getFunction({ cloud }: Context, name: string, qualifier = latest) {
  return orAbsent(cloud.scf('GetFunction', { FunctionName: name, Qualifier: qualifier, ShowCode: 'FALSE' }));
}

function failure(name: string, { Status, StatusDesc, StatusReasons }: GetFunctionResponse): DeployError {
  const list = StatusReasons ?? [];
  const reasons = list.map(({ ErrorCode, ErrorMessage }) => `${ErrorMessage} (${ErrorCode})`).join('; ');
  const hints = new Set(list.flatMap(({ ErrorCode = '' }) => adviceFor(ErrorCode) ?? []));
  return new DeployError(
    [
      `Function ${name} is in the state ${Status}: ${reasons || StatusDesc || 'no reason given'}.`,
      ...hints,
      'Requests still reach the version before. Run the same command again to retry.',
    ].join('\n'),
  );
}

const hasFailed = ({ Status }: { Status?: string }): boolean => Status?.endsWith('Failed') ?? false;

/** Waits until the function is active. Throws DeployError with the cloud's reasons if the change failed. */
async function settled(context: Context, name: string, qualifier = latest): Promise<GetFunctionResponse> {
  const what = `function ${name}${qualifier === latest ? '' : ` version ${qualifier}`} to become active`;
  return waitFor(context, { what, timeout: minutes(5), usually: '5 to 30 seconds' }, async () => {
    const current = await getFunction(context, name, qualifier);
    if (current?.Status === 'Active') return current;
    if (current && hasFailed(current)) throw failure(name, current);
    return undefined;
  });
}

/** Deletes a function with its triggers and versions, and waits until its name is free. */
export async function deleteFunction(context: Context, name: string): Promise<boolean> {
  if (!(await getFunction(context, name))) return false;
  await orAbsent(context.cloud.scf('DeleteFunction', { FunctionName: name }));
  const waiting = { what: `function ${name} to be deleted`, timeout: minutes(5), usually: 'some seconds' };
  await waitFor(context, waiting, async () => {
    const current = await getFunction(context, name);
    if (current?.Status === 'DeleteFailed') throw failure(name, current);
    return current ? undefined : true;
  });
  return true;
}

/**
 * Undefined if it was made now. The function of an earlier request otherwise: one whose response was lost, or one of an
 * interrupted deploy that was not visible yet; it may differ from the plan.
 */
async function create(context: Context, plan: FunctionPlan): Promise<GetFunctionResponse | undefined> {
  try {
    await context.cloud.scf('CreateFunction', creationOf(plan));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return settled(context, plan.name);
  }
  await settled(context, plan.name);
  return undefined;
}

interface Update {
  readonly plan: FunctionPlan;
  readonly current: GetFunctionResponse;
  readonly force: boolean;
}

async function update(context: Context, { plan, current, force }: Update): Promise<string> {
  const { cloud } = context;
  const failed = hasFailed(current);
  // A change that failed may be shown as if it were in effect.
  const different = failed ? configurationOf(plan) : differences(plan, current);
  const names = Object.keys(different);
  const codeDiffers = force || failed || codeIn(current.Description) !== plan.code.hash;
  if (codeDiffers || names.length > 0) {
    // The description names no code until the upload is done, so that an interrupted deploy uploads again.
    await cloud.scf('UpdateFunctionConfiguration', {
      FunctionName: plan.name,
      Description: describe(plan, codeDiffers ? 'is being replaced' : plan.code.hash),
      ...different,
    });
    await settled(context, plan.name);
  }
  if (codeDiffers) {
    await cloud.scf('UpdateFunctionCode', {
      FunctionName: plan.name,
      Handler: handler,
      Code: { ZipFile: plan.code.zip.toString('base64') },
    });
    await settled(context, plan.name);
    await cloud.scf('UpdateFunctionConfiguration', {
      FunctionName: plan.name,
      Description: describe(plan, plan.code.hash),
    });
    await settled(context, plan.name);
  }
  const what = [...(codeDiffers ? ['code'] : []), ...changeWords(plan, current, names)];
  return what.length === 0 ? '' : `changed (${what.join(', ')})`;
}

export interface Version {
  readonly number: number;
  /** Publishing it failed: no requests can reach it. */
  readonly failed: boolean;
  readonly description: string;
  readonly addedAt: string;
}

/** Published versions, the newest first. */
export async function listVersions({ cloud }: Context, name: string): Promise<Version[]> {
  const { Versions } = await cloud.scf('ListVersionByFunction', { FunctionName: name, Limit: 100 });
  return (Versions ?? [])
    .filter(({ Version }) => /^\d+$/.test(Version))
    .map(({ Version, Description, AddTime, Status }) => ({
      number: Number(Version),
      failed: Status?.endsWith('Failed') ?? false,
      description: Description ?? '',
      addedAt: AddTime ?? '',
    }))
    .sort((a, b) => b.number - a.number);
}

/** The version that requests reach; `$LATEST` before the first is published. */
export async function liveVersion({ cloud }: Context, name: string): Promise<string> {
  const alias = await orAbsent(cloud.scf('GetAlias', { FunctionName: name, Name: liveAlias }));
  return alias?.FunctionVersion ?? latest;
}

/** False if the function has no default alias; requests then reach `$LATEST`. */
export async function switchTo({ cloud, report }: Context, name: string, version: number): Promise<boolean> {
  // The empty list ends a split of the traffic that was set in the console.
  const RoutingConfig = { AdditionalVersionWeights: [] };
  const request = { FunctionName: name, Name: liveAlias, FunctionVersion: String(version), RoutingConfig };
  if (await orAbsent(cloud.scf('UpdateAlias', request))) return true;
  report.warn(`${name} has no alias ${liveAlias}: requests reach the code as it was last uploaded, not a version.`);
  return false;
}

async function prune(context: Context, name: string, live: number): Promise<void> {
  const old = (await listVersions(context, name)).slice(keptVersions).filter(({ number }) => number !== live);
  for (const { number } of old) {
    try {
      await orAbsent(context.cloud.scf('DeleteFunction', { FunctionName: name, Qualifier: String(number) }));
    } catch (error) {
      // Another alias, made in the console, names it: the version stays.
      if (!(error instanceof CloudError) || error.code !== 'UnsupportedOperation.AliasBind') throw error;
    }
  }
}

async function publish(context: Context, plan: FunctionPlan): Promise<number> {
  const { FunctionVersion } = await context.cloud.scf('PublishVersion', {
    FunctionName: plan.name,
    Description: describeRelease(plan),
  });
  await settled(context, plan.name, FunctionVersion);
  await settled(context, plan.name);
  return Number(FunctionVersion);
}

/** Publishes this plan's code and configuration, and moves the alias to that version. */
async function release(context: Context, plan: FunctionPlan, force: boolean): Promise<string> {
  const wanted = fingerprint(plan);
  const live = await liveVersion(context, plan.name);
  const versions = await listVersions(context, plan.name);
  const usable = force ? [] : versions.filter(({ failed }) => !failed);
  const same = usable.find(({ description }) => releaseIn(description) === wanted);
  if (same && String(same.number) === live) return '';
  const number = same?.number ?? (await publish(context, plan));
  await settled(context, plan.name, String(number));
  if (!(await switchTo(context, plan.name, number))) return '';
  await prune(context, plan.name, number);
  return `version ${number} is live`;
}

/** The function as it is before the update; undefined if it has just been made as planned. */
async function existing(context: Context, plan: FunctionPlan): Promise<GetFunctionResponse | undefined> {
  const current = await getFunction(context, plan.name);
  if (!current) return create(context, plan);
  checkSame(plan, current);
  if (current.Status === 'CreateFailed') {
    // SCF refuses to update such a function.
    await deleteFunction(context, plan.name);
    return create(context, plan);
  }
  return current.Status === 'Active' || hasFailed(current) ? current : settled(context, plan.name);
}

async function bring(context: Context, plan: FunctionPlan, force: boolean): Promise<string[]> {
  const current = await existing(context, plan);
  if (current) checkSame(plan, current);
  const change = current ? await update(context, { plan, current, force }) : 'made';
  return [change, await release(context, plan, force)].filter((text) => text !== '');
}

/** Makes or updates one function. `force` uploads and publishes even if nothing differs. True if it changed. */
export async function ensureFunction(context: Context, plan: FunctionPlan, force: boolean): Promise<boolean> {
  const kind = plan.type === 'HTTP' ? 'Web function' : 'Event function';
  const changes = await context.report.step(
    `${kind} ${plan.name}`,
    () => bring(context, plan, force),
    (done) => `${kind} ${plan.name}${done.length > 0 ? `: ${done.join(', ')}` : ' is up to date'}`,
  );
  return changes.length > 0;
}
