/** The whole contract: every endpoint by the name of its handler. */
import { authUsersContract } from './auth-users';
import { codesContract } from './codes';
import type { Endpoint, EndpointData, EndpointInput } from './endpoint';
import { extrasContract } from './extras';
import { hostsContract } from './hosts';
import { oauthContract } from './oauth';
import { reportsContract } from './reports';
import { roomsContract } from './rooms';

export const contract = {
  ...authUsersContract,
  ...codesContract,
  ...extrasContract,
  ...oauthContract,
  ...roomsContract,
  ...hostsContract,
  ...reportsContract,
} as const satisfies Record<string, Endpoint>;

export type Contract = typeof contract;
export type EndpointName = keyof Contract;
export type InputOf<N extends EndpointName> = EndpointInput<Contract[N]>;
export type DataOf<N extends EndpointName> = EndpointData<Contract[N]>;
/** Everything below this path is answered with HTTP 200 and the envelope. */
export const BASE_PATH = '/base/v1/';
