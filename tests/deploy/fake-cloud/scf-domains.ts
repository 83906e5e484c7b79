/** Own domains of the fake cloud: made only where the CNAME record leads to the account, as the real one demands. */
import type {
  CreateCustomDomainRequest,
  UpdateCustomDomainRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { Refusal } from './refusal';
import type { Handlers, World } from './world';

export interface Domains {
  readonly handlers: Handlers;
  /** Domain → what its CNAME record says; what the world's DNS knows. */
  readonly records: Map<string, string>;
  readonly made: Map<string, CreateCustomDomainRequest>;
}

export function createDomains({ appId, region }: World): Domains {
  const records = new Map<string, string>();
  const made = new Map<string, CreateCustomDomainRequest>();
  const find = (name: string): CreateCustomDomainRequest => {
    const domain = made.get(name);
    if (!domain) throw new Refusal('ResourceNotFound.CustomDomain', `no domain ${name}`);
    return domain;
  };
  const check = ({ Protocol = '', CertConfig }: UpdateCustomDomainRequest) => {
    if (Protocol.includes('HTTPS') && !CertConfig?.CertificateId) {
      throw new Refusal('InvalidParameterValue.CertificateId', 'HTTPS needs a certificate');
    }
  };
  return {
    records,
    made,
    handlers: {
      CreateCustomDomain: (request: CreateCustomDomainRequest) => {
        if (made.has(request.Domain)) throw new Refusal('ResourceInUse.CustomDomain', `${request.Domain} exists`);
        if (records.get(request.Domain) !== `${appId}.${region}.tencentscf.com`) {
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
