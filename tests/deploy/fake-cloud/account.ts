/** sts and cam of the fake cloud: who calls, and which roles there are. */
import type { GetRoleRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models';
import { Refusal } from './refusal';
import type { Handlers, World } from './world';

export interface Account {
  readonly handlers: Handlers;
  /** SCF_QcsRole is there once somebody has opened the SCF console. */
  readonly roles: Set<string>;
}

export function createAccount({ uin }: World): Account {
  const roles = new Set(['SCF_QcsRole']);
  return {
    roles,
    handlers: {
      GetCallerIdentity: () => ({
        Arn: `qcs::cam::uin/${uin}:uin/${uin}`,
        AccountId: uin,
        UserId: uin,
        PrincipalId: uin,
        Type: 'CAMUser',
      }),
      GetRole: ({ RoleName = '' }: GetRoleRequest) => {
        if (!roles.has(RoleName)) throw new Refusal('InvalidParameter.RoleNotExist', 'role not exist');
        return { RoleInfo: { RoleId: '4611686018427397919', RoleName } };
      },
    },
  };
}
