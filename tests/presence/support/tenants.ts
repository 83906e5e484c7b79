/** Two tenants that have the same numbers, each with its application and keys. */
import { APP_ID } from '../../../testkit/service';
import { IM_TOKEN, TRTC_KEY } from '../../../testkit/vendor';

export interface SimulatedTenant {
  /** apaasAppId. */
  id: string;
  sdkAppId: number;
  token: string;
  key: string;
}

const SECRET = 'secret-of-the-shop-0123456789abcdef';

export const DEFAULT_TENANT: SimulatedTenant = { id: '', sdkAppId: APP_ID, token: IM_TOKEN, key: TRTC_KEY };
export const SHOP: SimulatedTenant = { id: 'shop', sdkAppId: 1_400_000_777, token: 'shop-token', key: 'shopKey' };
export const TENANTS = [DEFAULT_TENANT, SHOP] as const;

/** The configuration of the second one for the service and the fake IM. */
export const SHOP_ENV = JSON.stringify([
  {
    apaasAppId: SHOP.id,
    sdkAppId: SHOP.sdkAppId,
    secret: SECRET,
    imCallbackToken: SHOP.token,
    trtcCallbackKey: SHOP.key,
  },
]);
export const SHOP_APP = { sdkAppId: SHOP.sdkAppId, secret: SECRET } as const;

/** Whether a room or user is of this tenant. */
export function isOf(tenant: SimulatedTenant, id: string): boolean {
  return id.startsWith('shop-') === (tenant === SHOP);
}

/** The same number at the neighbour: no user has it there. */
export function atTheNeighbours(id: string): { tenant: SimulatedTenant; id: string } {
  return isOf(SHOP, id) ? { tenant: DEFAULT_TENANT, id: id.slice('shop-'.length) } : { tenant: SHOP, id: `shop-${id}` };
}

/** What signing up and in says of the tenant. */
export function extraOf({ id }: SimulatedTenant): { apaasAppId?: string } {
  return id === '' ? {} : { apaasAppId: id };
}
