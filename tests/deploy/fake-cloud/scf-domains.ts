/** Domains of the fake cloud: made only when SCF's resolver sees a CNAME record that leads to the account. */
import type {
  CreateCustomDomainRequest,
  UpdateCustomDomainRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { Refusal } from './refusal';
import type { Handlers, World } from './world';

export interface Domains {
  readonly handlers: Handlers;
  /** Sets a CNAME record; SCF sees it after `world.dnsTakes` seconds. */
  record(name: string, target: string): void;
  /** The resolver of the computer that deploys sees records immediately. */
  resolve(name: string): Promise<string[]>;
  readonly made: Map<string, CreateCustomDomainRequest>;
}

export function createDomains(world: World): Domains {
  const { appId, region } = world;
  const records = new Map<string, { target: string; since: number }>();
  const made = new Map<string, CreateCustomDomainRequest>();
  const find = (name: string): CreateCustomDomainRequest => {
    const domain = made.get(name);
    if (!domain) throw new Refusal(['FailedOperation.Domain.UnExist', 'ResourceNotFound'], `no domain ${name}`);
    return domain;
  };
  const check = ({ Protocol = '', CertConfig }: UpdateCustomDomainRequest) => {
    if (Protocol.includes('HTTPS') && !CertConfig?.CertificateId) {
      throw new Refusal(['FailedOperation.Ssl', 'InvalidParameterValue.Domain'], 'HTTPS needs a certificate');
    }
  };
  /** What SCF's resolver finds at the end of the chain of records. */
  const seen = (name: string): string => {
    const entry = records.get(name.replace(/\.$/, ''));
    if (!entry || world.now() < entry.since + world.span(world.dnsTakes)) return name.replace(/\.$/, '');
    return seen(entry.target);
  };
  return {
    record(name, target) {
      if (records.get(name)?.target !== target) records.set(name, { target, since: world.now() });
    },
    resolve: async (name) => [records.get(name)?.target ?? ''],
    made,
    handlers: {
      CreateCustomDomain: (request: CreateCustomDomainRequest) => {
        if (made.has(request.Domain)) throw new Refusal('InvalidParameterValue.Domain', `${request.Domain} exists`);
        if (seen(request.Domain) !== `${appId}.${region}.tencentscf.com`) {
          throw new Refusal('FailedOperation.CNAME', 'the CNAME record does not lead here');
        }
        check(request);
        made.set(request.Domain, request);
        return {};
      },
      GetCustomDomain: ({ Domain = '' }: { Domain?: string }) => find(Domain),
      UpdateCustomDomain: (request: UpdateCustomDomainRequest) => {
        check(request);
        made.set(request.Domain, { ...find(request.Domain), ...request });
        return {};
      },
      DeleteCustomDomain: ({ Domain = '' }: { Domain?: string }) => {
        find(Domain);
        made.delete(Domain);
        return {};
      },
    },
  };
}
