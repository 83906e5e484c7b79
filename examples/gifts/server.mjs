/**
 * A gift service next to live-room. It owns the coins; live-room owns the users and the rooms. It signs its hosts in and opens
 * rooms with an operator's key of scope `service`, shows each gift in the room as an IM message, ranks rooms by `star`, and
 * learns from webhooks which rooms are live.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import sig from 'tls-sig-api-v2';
// In a project of your own: from 'live-room-client/admin' and 'live-room-client/webhooks'.
import { LiveRoomAdmin } from '../../client/dist/admin.mjs';
import { verifyWebhook } from '../../client/dist/webhooks.mjs';
import { openWallet, Refused } from './wallet.mjs';

const { SERVICE, SERVICE_KEY, WEBHOOK_SECRET, SHOP_KEY, SDK_APP_ID, SDK_SECRET, PORT = '8082' } = process.env;
const { IM = 'https://console.tim.qq.com', WALLET = 'wallet.sqlite' } = process.env;
const PRICES = new Map([
  ['rose', 1],
  ['crown', 100],
]);
const MAX_BODY = 1_048_576;
const RETRY_MS = 5_000;

const wallet = openWallet(WALLET);
const liveRoom = new LiveRoomAdmin({ baseUrl: SERVICE, key: SERVICE_KEY });
const admin = new sig.Api(Number(SDK_APP_ID), SDK_SECRET);

/** A number that is the same for the same gift: IM drops a message that is repeated within five minutes. */
const randomOf = (user, key) => createHash('sha256').update(`${user} ${key}`).digest().readUInt32BE();

async function showInRoom({ user, key, coins, gift, room }) {
  const random = randomOf(user, key);
  const signed = {
    sdkappid: SDK_APP_ID,
    identifier: 'administrator',
    usersig: admin.genUserSig('administrator', 3600),
  };
  const query = new URLSearchParams({ ...signed, random: String(random), contenttype: 'json' });
  const Data = JSON.stringify({ gift, coins: -coins, id: `${user}:${key}` });
  const message = { MsgType: 'TIMCustomElem', MsgContent: { Data } };
  const response = await fetch(`${IM}/v4/group_open_http_svc/send_group_msg?${query}`, {
    method: 'POST',
    body: JSON.stringify({ GroupId: room, From_Account: user, Random: random, MsgBody: [message] }),
    signal: AbortSignal.timeout(10_000),
  });
  const { ErrorCode } = await response.json();
  // 10010 and 10015: the group is gone. 10017: the sender is muted. Repeating changes neither.
  if (![0, 10010, 10015, 10017].includes(ErrorCode)) throw new Error(`IM answered ${ErrorCode}`);
}

/** Shows the gifts that are paid, then writes the totals. One run at a time, so an older total never follows a newer one. */
async function publish() {
  const gifts = wallet.unpublished();
  const live = gifts.filter(wallet.isLive);
  for (const gift of gifts) {
    if (live.includes(gift)) await showInRoom(gift);
  }
  for (const { room, broadcast } of new Map(live.map((gift) => [gift.room, gift])).values()) {
    await liveRoom.api.updateRoomOf({ roomId: room, star: wallet.totalOf(room, broadcast) }).catch((error) => {
      if (error.status !== 404) throw error;
    });
  }
  for (const gift of gifts) wallet.published(gift);
}

let publishing = Promise.resolve();
const publishSoon = () => {
  publishing = publishing.then(publish).catch((error) => console.error(`will be repeated: ${error.message}`));
};
setInterval(publishSoon, RETRY_MS).unref();

/** The user whom live-room knows by this token: a gift is paid by nobody else. */
async function checkToken({ userId, token }) {
  const response = await fetch(`${SERVICE}/base/v1/auth_users/user_query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId, token }),
  });
  const { errorCode } = await response.json();
  if (errorCode !== 0) throw new Refused(401, 'sign in again');
  return String(userId);
}

const hashOf = (text) => createHash('sha256').update(text).digest();
function checkShop({ authorization = '' }) {
  if (!timingSafeEqual(hashOf(authorization), hashOf(`Bearer ${SHOP_KEY}`))) throw new Refused(401, 'wrong key');
}

function idempotencyKey(headers) {
  const key = headers['idempotency-key'] ?? '';
  if (!/^[\w-]{8,64}$/.test(key)) throw new Refused(400, 'Idempotency-Key: 8 to 64 letters, digits, _ or -');
  return key;
}

const routes = {
  /** Your payment service, after it has been paid. */
  'POST /top-up': (headers, body) => {
    checkShop(headers);
    const { userId, coins } = JSON.parse(body);
    if (!Number.isInteger(coins) || coins < 1 || coins > 1_000_000) throw new Refused(400, 'coins: 1 to 1000000');
    return { balance: wallet.topUp(String(userId), idempotencyKey(headers), coins) };
  },
  /** Your backend: makes the host's account if it is missing, and opens the room. */
  'POST /shows': async (headers, body) => {
    checkShop(headers);
    const { host, title } = JSON.parse(body);
    const { userId } = await liveRoom.api.issueToken({ username: host, nickname: host });
    const custom = { gifts: [...PRICES.keys()] };
    const { roomId } = await liveRoom.api.openRoom({
      ownerId: userId,
      category: 'gifts',
      title,
      custom,
      keepOpen: true,
    });
    return { roomId };
  },
  /** The app: {userId, token, roomId, gift}. */
  'POST /gifts': async (headers, body) => {
    const { roomId, gift, ...caller } = JSON.parse(body);
    const key = idempotencyKey(headers);
    const price = PRICES.get(gift);
    if (price === undefined) throw new Refused(400, 'no such gift');
    const user = await checkToken(caller);
    const balance = wallet.give({ user, key, gift, price, room: String(roomId) });
    publishSoon();
    return { balance };
  },
  'POST /hooks': (headers, body) => {
    wallet.apply(verifyWebhook(WEBHOOK_SECRET, headers, body));
    return {};
  },
};

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Refused(413, 'the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const route = routes[`${request.method} ${request.url}`];
  if (!route) return answer(404, {});
  try {
    answer(200, await route(request.headers, await bodyOf(request)));
  } catch (error) {
    answer(error.status > 0 ? error.status : 400, { error: error.message });
  }
});

server.listen(Number(PORT), () => console.log(`listening at ${server.address().port}`));
publishSoon();
