/**
 * Your domain in front of the functions (`provider.domain`): pages open there, while the vendor's host turns them into
 * downloads. SCF accepts the domain only after its own resolver has seen the CNAME record, and that one lags behind others, so this is the last step of a deploy. https://www.tencentcloud.com/document/product/583/64369
 */
import { resolveCname } from 'node:dns/promises';
import { minutes } from './clock';
import { orAbsent } from './cloud';
import { CloudError } from './cloud-errors';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { liveAlias } from './functions';
import { everyFunctionName } from './names';
import { waitUntil } from './wait';

type Resolve = (name: string) => Promise<string[]>;

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The target of the CNAME record: one name for the account in this region. */
async function cnameTarget({ cloud, settings }: Pick<Context, 'cloud' | 'settings'>): Promise<string> {
  const { AppId } = await cloud.cam('GetUserAppId', null);
  return `${AppId}.${settings.region}.tencentscf.com`;
}

const recordOf = (name: string, target: string): string =>
  `Add this record at your DNS provider (https://console.cloud.tencent.com/cns): ${name} CNAME ${target}`;

/** A sentence about a missing record, or undefined. A chain of records (a CDN in front) is followed for five steps. */
export async function domainProblem(
  context: Pick<Context, 'cloud' | 'settings'>,
  resolve: Resolve = resolveCname,
): Promise<string | undefined> {
  const { domain } = context.settings;
  if (!domain) return undefined;
  const target = await cnameTarget(context);
  let name = withoutDot(domain.name);
  for (let step = 0; step < 5; step += 1) {
    const records: string[] = await resolve(name).catch(() => []);
    const next = withoutDot(records[0] ?? '');
    if (next === target) return undefined;
    if (next === '') break;
    name = next;
  }
  return `provider.domain: ${domain.name} has no CNAME record that leads to ${target}. ${recordOf(domain.name, target)}`;
}

/** The request that makes the domain as serverless.yml describes it. */
function wanted({ settings }: Context, functionName: string) {
  const { domain } = settings;
  if (!domain) return undefined;
  const route = { Namespace: 'default', FunctionName: functionName, Qualifier: liveAlias, PathMatch: '/*' };
  return {
    Domain: domain.name,
    Protocol: domain.http ? 'HTTP&HTTPS' : 'HTTPS',
    EndpointsConfig: [route],
    CertConfig: { CertificateId: domain.certificate },
  };
}

type Request = NonNullable<ReturnType<typeof wanted>>;

/** Throws DeployError if the domain leads to functions that this service does not have. */
async function changeOf({ cloud, settings }: Context, request: Request): Promise<'make' | 'change' | 'keep'> {
  const current = await orAbsent(cloud.scf('GetCustomDomain', { Domain: request.Domain }));
  if (!current) return 'make';
  const routes = current.EndpointsConfig ?? [];
  const other = routes.find(({ FunctionName }) => !everyFunctionName(settings).includes(FunctionName));
  if (other) {
    throw new DeployError(
      `Domain ${request.Domain} leads to the function ${other.FunctionName}, which is not one of ${settings.name}. ` +
        'Remove it there (https://console.cloud.tencent.com/scf), or set another provider.domain.',
    );
  }
  const text = (list: readonly { FunctionName: string; Qualifier?: string; PathMatch?: string }[]) =>
    list.map(({ FunctionName, Qualifier, PathMatch }) => [FunctionName, Qualifier, PathMatch].join()).join(';');
  const same =
    text(routes) === text(request.EndpointsConfig) &&
    current.CertConfig?.CertificateId === request.CertConfig.CertificateId &&
    current.Protocol === request.Protocol;
  return same ? 'keep' : 'change';
}

/** `make`, `change`, `keep`, or undefined if serverless.yml names no domain. */
export async function domainChange(context: Context, functionName: string) {
  const request = wanted(context, functionName);
  return request && changeOf(context, request);
}

const isCode = (error: unknown, code: string): error is CloudError =>
  error instanceof CloudError && error.code === code;

/** The domain is made, or 'unseen' while SCF does not see the record. */
async function create(context: Context, request: Request): Promise<'made' | 'unseen'> {
  try {
    await context.cloud.scf('CreateCustomDomain', request);
  } catch (error) {
    if (isCode(error, 'FailedOperation.CNAME')) return 'unseen';
    // A domain that exists is refused with the same code as an invalid one; a repeated request may have made it.
    if (!isCode(error, 'InvalidParameterValue.Domain') || (await changeOf(context, request)) !== 'keep') throw error;
  }
  return 'made';
}

async function make(context: Context, request: Request): Promise<void> {
  const waiting = {
    what: `SCF to see the CNAME record of ${request.Domain}`,
    timeout: minutes(2),
    usually: 'some seconds',
  };
  const made = await waitUntil(context, waiting, async () =>
    (await create(context, request)) === 'made' ? true : undefined,
  );
  if (made) return;
  const target = await cnameTarget(context);
  throw new DeployError(
    `Everything but the domain is deployed: SCF does not see the CNAME record of ${request.Domain} yet.\n` +
      `${recordOf(request.Domain, target)}\nThen run the same command again; it may take some minutes until SCF sees it.`,
  );
}

/** Makes or corrects the domain; returns its URL, or undefined if serverless.yml names none. */
export async function ensureDomain(context: Context, functionName: string): Promise<string | undefined> {
  const request = wanted(context, functionName);
  if (!request) return undefined;
  await context.report.step(
    `Domain ${request.Domain}`,
    async () => {
      const change = await changeOf(context, request);
      if (change === 'change') await context.cloud.scf('UpdateCustomDomain', request);
      if (change === 'make') await make(context, request);
    },
    () => `Domain ${request.Domain}`,
  );
  return `https://${request.Domain}/`;
}

/** Removes the domain if it leads to this service. True if it did. */
export async function removeDomain(context: Context): Promise<boolean> {
  const { cloud, settings } = context;
  if (!settings.domain) return false;
  const Domain = settings.domain.name;
  const current = await orAbsent(cloud.scf('GetCustomDomain', { Domain }));
  const names = everyFunctionName(settings);
  const ours = current?.EndpointsConfig?.some(({ FunctionName }) => names.includes(FunctionName)) ?? false;
  if (!ours) return false;
  await orAbsent(cloud.scf('DeleteCustomDomain', { Domain }));
  return true;
}
