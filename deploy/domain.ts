/**
 * A domain of one's own in front of the functions (`provider.domain`): pages open there, where the vendor's own host turns
 * them into downloads. SCF demands that the CNAME record is there first, so that is looked at before anything is made.
 * https://www.tencentcloud.com/document/product/583/64369
 */
import { resolveCname } from 'node:dns/promises';
import { orAbsent } from './cloud';
import { isDuplicate } from './cloud-errors';
import type { Context } from './context';
import { liveAlias } from './functions';

type Resolve = (name: string) => Promise<string[]>;

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Where the record has to point: one name for the account in this region. */
export async function cnameTarget({ cloud, settings }: Pick<Context, 'cloud' | 'settings'>): Promise<string> {
  const { AppId } = await cloud.cam('GetUserAppId', null);
  return `${AppId}.${settings.region}.tencentscf.com`;
}

/** What is wrong with the record, or undefined. Records that lead there over others (a CDN) are followed five deep. */
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
  return (
    `provider.domain: ${domain.name} has no CNAME record that leads to ${target}. Add it where the domain is managed ` +
    `(https://console.cloud.tencent.com/cns), wait some minutes, and deploy again`
  );
}

/** The request that makes the domain what serverless.yml says. */
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

/** undefined: not there. */
async function differs(context: Context, request: NonNullable<ReturnType<typeof wanted>>) {
  const current = await orAbsent(context.cloud.scf('GetCustomDomain', { Domain: request.Domain }));
  if (!current) return undefined;
  const routes = (current.EndpointsConfig ?? []).map(({ FunctionName, Qualifier, PathMatch }) =>
    [FunctionName, Qualifier, PathMatch].join(),
  );
  const [route] = request.EndpointsConfig;
  const sameRoute = routes.join(';') === [route?.FunctionName, route?.Qualifier, route?.PathMatch].join();
  const sameCertificate = current.CertConfig?.CertificateId === request.CertConfig.CertificateId;
  return !(sameRoute && sameCertificate && current.Protocol === request.Protocol);
}

/** `make`, `change`, `keep`, or undefined where serverless.yml names no domain. */
export async function domainChange(context: Context, functionName: string) {
  const request = wanted(context, functionName);
  if (!request) return undefined;
  const different = await differs(context, request);
  return different === undefined ? 'make' : different ? 'change' : 'keep';
}

/** Makes or corrects the domain; answers its address, or undefined where serverless.yml names none. */
export async function ensureDomain(context: Context, functionName: string): Promise<string | undefined> {
  const request = wanted(context, functionName);
  if (!request) return undefined;
  const { cloud, report } = context;
  await report.step(
    `Domain ${request.Domain}`,
    async () => {
      const change = await domainChange(context, functionName);
      if (change === 'change') await cloud.scf('UpdateCustomDomain', request);
      if (change !== 'make') return;
      try {
        await cloud.scf('CreateCustomDomain', request);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    },
    () => `Domain ${request.Domain}`,
  );
  return `https://${request.Domain}/`;
}

/** Takes the domain away, if it leads to this service. True when there was one. */
export async function removeDomain(context: Context, functionNames: readonly string[]): Promise<boolean> {
  const { cloud, settings } = context;
  if (!settings.domain) return false;
  const Domain = settings.domain.name;
  const current = await orAbsent(cloud.scf('GetCustomDomain', { Domain }));
  const ours = current?.EndpointsConfig?.some(({ FunctionName }) => functionNames.includes(FunctionName)) ?? false;
  if (!ours) return false;
  await orAbsent(cloud.scf('DeleteCustomDomain', { Domain }));
  return true;
}
