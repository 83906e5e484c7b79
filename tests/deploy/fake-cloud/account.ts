/** sts and cam of the fake cloud: who calls, which roles there are, and what the account has done and paid so far. */
import type { GetRoleRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models';
import { Refusal } from './refusal';
import type { Handlers, World } from './world';

export interface Account {
  readonly handlers: Handlers;
  /** SCF_QcsRole is there once somebody has opened the SCF console. */
  readonly roles: Set<string>;
  /** Somebody has opened the log service. */
  logsOpened: boolean;
  /** 实名认证. */
  verified: boolean;
  /** What can be paid with. */
  pays: 'money' | 'vouchers' | 'nothing';
  /** Throws Refusal unless the account can buy. `autoVoucher`: as the order says. */
  charge(autoVoucher: boolean): void;
}

export function createAccount({ uin, appId }: World): Account {
  const roles = new Set(['SCF_QcsRole']);
  return {
    roles,
    logsOpened: true,
    verified: true,
    pays: 'money',
    charge(autoVoucher) {
      if (!this.verified) throw new Refusal('UnauthorizedOperation.NotRealNameAccount', 'not verified');
      if (this.pays === 'money' || (this.pays === 'vouchers' && autoVoucher)) return;
      throw new Refusal('FailedOperation.TradeCreateOrderError', 'the order could not be paid');
    },
    handlers: {
      GetCallerIdentity: () => ({
        Arn: `qcs::cam::uin/${uin}:uin/${uin}`,
        AccountId: uin,
        UserId: uin,
        PrincipalId: uin,
        Type: 'CAMUser',
      }),
      GetUserAppId: () => ({ Uin: uin, OwnerUin: uin, AppId: Number(appId) }),
      GetRole: ({ RoleName = '' }: GetRoleRequest) => {
        if (!roles.has(RoleName)) throw new Refusal('InvalidParameter.RoleNotExist', 'role not exist');
        return { RoleInfo: { RoleId: '4611686018427397919', RoleName } };
      },
    },
  };
}
