/** Every call of operators by the name of its rule. */
import { adminAppeals } from './appeals';
import { adminChat } from './chat';
import type { AdminData, AdminEndpoint, AdminInput } from './endpoint';
import { adminMessages } from './messages';
import { adminOperators } from './operators';
import { adminOverview } from './overview';
import { adminReports } from './reports';
import { adminReview } from './review';
import { adminRooms } from './rooms';
import { adminSanctions } from './sanctions';
import { adminService } from './service';
import { adminStatistics } from './statistics';
import { adminUsers } from './users';
import { adminWebhooks } from './webhooks';
import { adminWords } from './words';

export const adminContract = {
  ...adminOverview,
  ...adminRooms,
  ...adminSanctions,
  ...adminUsers,
  ...adminReports,
  ...adminWebhooks,
  ...adminOperators,
  ...adminStatistics,
  ...adminChat,
  ...adminWords,
  ...adminReview,
  ...adminMessages,
  ...adminService,
  ...adminAppeals,
} as const satisfies Record<string, AdminEndpoint>;

export type AdminContract = typeof adminContract;
export type AdminCall = keyof AdminContract;
export type AdminInputOf<N extends AdminCall> = AdminInput<AdminContract[N]>;
export type AdminDataOf<N extends AdminCall> = AdminData<AdminContract[N]>;
/** The calls that write. */
type Writing = { [N in AdminCall]: AdminContract[N]['changes'] extends true ? N : never }[AdminCall];
/** Calls that write in separate steps. */
export type SteppedCall = { [N in AdminCall]: AdminContract[N] extends { inSteps: true } ? N : never }[AdminCall];
export type ChangingCall = Exclude<Writing, SteppedCall>;
export type ReadingCall = Exclude<AdminCall, Writing>;

/** The name of a call in paths and in the audit: `kick_user`. */
export function callName(call: AdminCall): string {
  return adminContract[call].path.slice('admin/'.length);
}
