/** sts and cam of the fake cloud: the caller, the roles, and the state of the account. */
import type { GetRoleRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models';
import { Refusal } from './refusal';
import type { Handlers, World } from './world';

export interface Account {
  readonly handlers: Handlers;
  /** SCF_QcsRole exists once the SCF console was opened. */
  readonly roles: Set<string>;
  /** SCF_QcsRole has its policy QcloudAccessForScfRole. */
  rolePolicy: boolean;
  /** The log service was opened. */
  logsOpened: boolean;
  /** 实名认证. */
  verified: boolean;
  /** The means of payment. */
  pays: 'money' | 'vouchers' | 'nothing' | 'arrears';
  /** Throws Refusal unless the account can buy. `autoVoucher`: the parameter of the order. */
  charge(autoVoucher: boolean): void;
}

export function createAccount(world: World): Account {
  const { uin, appId } = world;
  const roles = new Set(['SCF_QcsRole']);
  return {
    roles,
    rolePolicy: true,
    logsOpened: true,
    verified: true,
    get pays() {
      return world.pays;
    },
    set pays(means) {
      world.pays = means;
    },
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
