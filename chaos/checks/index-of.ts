/** What several checks need to know of a history: whose id is whose, and which calls could have ended an account. */
import { type Call, done, fieldOf, groupBy, inTenant, maybe, named } from '../history';

export const SIGN_INS = ['oauth/signature', 'auth_users/user_login_code'] as const;

export interface Known {
  /** Sign-ins by account. */
  readonly signIns: ReadonlyMap<string, readonly Call[]>;
  readonly byAccount: ReadonlyMap<string, readonly Call[]>;
  /** Account by user (tenant and id). */
  readonly accountOf: ReadonlyMap<string, string>;
  /** User id by account. */
  readonly userIdOf: ReadonlyMap<string, string>;
  /** Calls that may have deleted the account. */
  readonly deletions: ReadonlyMap<string, readonly Call[]>;
  /** Calls of operators by the user that they are about. */
  readonly againstUser: ReadonlyMap<string, readonly Call[]>;
}

const AGAINST_USERS = ['admin/ban_user', 'admin/kick_user', 'admin/mute_user', 'admin/sign_out_user'];

export function targetOf(call: Call): string {
  return inTenant(call.tenant, String(call.params['userId'] ?? ''));
}

export function know(calls: readonly Call[]): Known {
  const signIns = groupBy(named(calls, ...SIGN_INS), ({ by }) => by);
  const accountOf = new Map<string, string>();
  const userIdOf = new Map<string, string>();
  for (const call of named(calls, ...SIGN_INS).filter(done)) {
    const userId = fieldOf(call.data, 'userId');
    if (!userIdOf.has(call.by)) userIdOf.set(call.by, userId);
    if (!accountOf.has(inTenant(call.tenant, userId))) accountOf.set(inTenant(call.tenant, userId), call.by);
  }
  return {
    signIns,
    byAccount: groupBy(calls, ({ by }) => by),
    accountOf,
    userIdOf,
    deletions: groupBy(named(calls, 'auth_users/user_delete').filter(maybe), ({ by }) => by),
    againstUser: groupBy(named(calls, ...AGAINST_USERS).filter(maybe), targetOf),
  };
}

/** Sanctions that an acknowledged lift took back, by tenant and id, with that lift. */
export function liftsOf(calls: readonly Call[]): ReadonlyMap<string, readonly Call[]> {
  return groupBy(named(calls, 'admin/lift_sanction').filter(maybe), (call) =>
    inTenant(call.tenant, String(call.params['sanctionId'])),
  );
}
