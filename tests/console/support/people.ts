/** People in a live room of the built service, and IM, which asks it about their messages. */
import { createHash } from 'node:crypto';
import { LiveRoomClient } from '../../../client/src/index';

/** A new user, signed in. */
export async function newClient(base: string, username: string): Promise<LiveRoomClient> {
  const client = new LiveRoomClient({ baseUrl: base, keepaliveMs: 0 });
  await client.register(username, 'secret');
  await client.signIn({ username, password: 'secret', nickname: `${username} 🎹` });
  return client;
}

export const idOf = (client: LiveRoomClient) => client.session?.userId ?? '';

/** The error code that IM is answered; `token`: the service's IM_CALLBACK_TOKEN. */
export async function askAsIm(base: string, token: string, command: string, body: object): Promise<number> {
  const RequestTime = String(Math.floor(Date.now() / 1_000));
  const Sign = createHash('sha256').update(`${token}${RequestTime}`).digest('hex');
  const query = { SdkAppid: '1400000000', CallbackCommand: command, ClientIP: '203.0.113.9', Sign, RequestTime };
  const response = await fetch(`${base}base/v1/callbacks/im?${new URLSearchParams(query)}`, {
    method: 'POST',
    body: JSON.stringify({ ...body, CallbackCommand: command }),
  });
  return Object(await response.json()).ErrorCode;
}
