/** Which room ids and application ids a tenant may use. */
import type { Tenant } from '../../config';
import type { ErrorName } from '../../errors';
import { ApiError } from '../../errors';

/** The Android app reads the ids of this category as Java ints; one bad id crashes its viewers' list. */
const INT_IDS_CATEGORY = 'mlvb-show-live';

/** appId may be absent, "0" or the tenant's own; a room belongs to the application of its tenant. */
export function checkAppId(tenant: Tenant, appId: string | undefined, invalid: ErrorName): void {
  if (appId === undefined || Number(appId) === 0 || Number(appId) === tenant.sdkAppId) return;
  throw new ApiError(invalid, 'appId is not the sdkAppId of this service');
}

/** Checks the form of a room id that is to be opened. */
export function checkRoomId(tenant: Tenant, roomId: string, category: string | undefined): void {
  if (tenant.id !== '' && !roomId.startsWith(`${tenant.id}-`)) {
    throw new ApiError('RoomCreateParams', `roomId must begin with ${tenant.id}-`);
  }
  const int32 = /^[1-9]\d{0,9}$/.test(roomId) && Number(roomId) <= 2_147_483_647;
  if (tenant.id === '' && category === INT_IDS_CATEGORY && !int32) {
    throw new ApiError('RoomCreateParams', 'roomId must be a number from 1 to 2147483647 in this category');
  }
}
