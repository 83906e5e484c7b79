/** The vendor's SDK behind one function. Built as a separate file, dist/trtc-client.js, and loaded on first use. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/trtc/v20190722/trtc_client';

export interface RoomCall {
  endpoint: string;
  protocol: 'https://' | 'http://';
  region: string;
  credentials: { secretId: string; secretKey: string; token?: string };
  sdkAppId: number;
  /** A number and a text name different rooms. */
  room: number | string;
  timeoutMs: number;
}

// Passing an agent keeps the SDK from using http_proxy, even for local calls.
const agents = { 'http://': new HttpAgent({ keepAlive: true }), 'https://': new HttpsAgent({ keepAlive: true }) };

function clientFor({ endpoint, protocol, region, credentials, timeoutMs }: RoomCall): Client {
  const reqTimeout = Math.max(1, Math.ceil(timeoutMs / 1000));
  return new Client({
    credential: credentials,
    region,
    profile: { httpProfile: { endpoint, protocol, reqTimeout, agent: agents[protocol] } },
  });
}

/** Throws the SDK's error, whose `code` is the vendor's. */
export async function sendDismissal(dismissal: RoomCall): Promise<void> {
  const { sdkAppId, room } = dismissal;
  const client = clientFor(dismissal);
  if (typeof room === 'number') await client.DismissRoom({ SdkAppId: sdkAppId, RoomId: room });
  else await client.DismissRoomByStrRoomId({ SdkAppId: sdkAppId, RoomId: room });
}

/** Throws the SDK's error, whose `code` is the vendor's. */
export async function sendRemoval(removal: RoomCall & { userId: string }): Promise<void> {
  const { sdkAppId, room, userId } = removal;
  const client = clientFor(removal);
  const UserIds = [userId];
  if (typeof room === 'number') await client.RemoveUser({ SdkAppId: sdkAppId, RoomId: room, UserIds });
  else await client.RemoveUserByStrRoomId({ SdkAppId: sdkAppId, RoomId: room, UserIds });
}
