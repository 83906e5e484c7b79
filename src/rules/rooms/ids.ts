/** Which room ids and application ids a tenant may use. */

import type { ErrorName } from '../../base/errors';
import { ApiError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import type { UnprovedCallerContext } from '../context';

/** The Android app reads the ids of this category as Java ints; one bad id crashes its viewers' list. */
const INT_IDS_CATEGORY = 'mlvb-show-live';

/** appId may be absent, "0" or the tenant's own; a room belongs to the application of its tenant. */
export function checkAppId(tenant: Tenant, appId: string | undefined, invalid: ErrorName): void {
  if (appId === undefined || Number(appId) === 0 || Number(appId) === tenant.sdkAppId) return;
  throw new ApiError(invalid, 'appId is not the sdkAppId of this service');
}

/** Tenants of one application share its IM groups: a room with another tenant's id would end that tenant's group. */
function namesOtherTenant({ caller, services }: UnprovedCallerContext, roomId: string): boolean {
  const { id, sdkAppId } = caller.tenant;
  const others = services.config.tenants.filter((other) => other.sdkAppId === sdkAppId && other.id !== id);
  return others.some((other) => other.id !== '' && roomId.startsWith(`${other.id}-`));
}

/** Checks a room id that is to be opened: its form, and that it is one of the caller's tenant. */
export function checkRoomId(ctx: UnprovedCallerContext, roomId: string, category: string | undefined): void {
  const { tenant } = ctx.caller;
  // Its ids have no prefix, its application is its own, and an app that takes numbers alone cannot be signed in here.
  if (tenant.userIds === 'username') return;
  if (tenant.id !== '' && !roomId.startsWith(`${tenant.id}-`)) {
    throw new ApiError('RoomCreateParams', `roomId must begin with ${tenant.id}-`);
  }
  if (namesOtherTenant(ctx, roomId)) throw new ApiError('SystemVerifyError', 'this roomId belongs to another user');
  const int32 = /^[1-9]\d{0,9}$/.test(roomId) && Number(roomId) <= 2_147_483_647;
  if (tenant.id === '' && category === INT_IDS_CATEGORY && !int32) {
    throw new ApiError('RoomCreateParams', 'roomId must be a number from 1 to 2147483647 in this category');
  }
}
