/** The chapters of the docs page that are about all calls: rules, client, callbacks of the vendor, webhooks of ours. */
import { ADDRESS, both, example, heading, list, row, type Words } from './html';

export interface Chapter {
  id: string;
  title: Words;
  html: string;
}

const RULES: readonly Words[] = [
  {
    en: 'Every call takes GET and POST. Parameters come in the query, in a form or in a JSON object; the query wins. Unknown names are ignored, and an empty text counts as absent unless said otherwise.',
    zh: '所有接口支持 GET 和 POST。参数可以放在 query、表单或 JSON 对象中，query 优先。未知参数会被忽略；除特别说明外，空字符串等于不传。',
  },
  {
    en: 'Every response is HTTP 200 with one JSON object. errorCode 0 is success; data is absent if there is none. On errors, codeStr is the name of the code.',
    zh: '所有响应都是 HTTP 200 和一个 JSON 对象。errorCode 为 0 表示成功；没有数据时不返回 data。出错时 codeStr 是错误码的名称。',
  },
  {
    en: 'requestId names the request in the log of the service: quote it when you report a problem.',
    zh: 'requestId 可以在服务日志中查到这次请求，反馈问题时请带上。',
  },
  {
    en: 'A call with a token names its caller by userId (else apaasUserId) and token. 203 and 204 mean: sign in again.',
    zh: '需要登录的接口用 userId（或 apaasUserId）和 token 表示调用者。返回 203 或 204 时请重新登录。',
  },
  { en: 'Times are UTC, written 2021-09-12 16:00:00.', zh: '时间都是 UTC，格式为 2021-09-12 16:00:00。' },
];

const SIGNING = `const md5 = require('md5');
const salt = md5(\`\${username}-\${password}\`);            // register
const signature = md5(\`\${username}-\${tag}-\${ts}-\${nonce}-\${salt}\`); // signature`;

const CLIENT = `import { LiveRoomClient } from 'live-room-client';

const client = new LiveRoomClient({ baseUrl: '${ADDRESS}' });
await client.register('alice', 'secret');
const { userId, sdkAppId, userSig } = await client.signIn({ username: 'alice', password: 'secret' });
await client.api.enterRoom({ roomId: userId, role: 'anchor', title: 'Hello' });
const rooms = await client.api.queryRoom({ limit: 20 });`;

const CALLBACKS: readonly (readonly [name: string, text: Words])[] = [
  [
    'State.StateChange',
    {
      en: 'Login, logout and lost connections of users: who is on line.',
      zh: '用户上线、下线和断线：谁在线。',
    },
  ],
  [
    'Group.CallbackAfterNewMemberJoin, Group.CallbackAfterMemberExit, Group.CallbackOnMemberStateChange',
    { en: 'Who enters and leaves the group of a room.', zh: '房间群组的成员进入和离开。' },
  ],
  [
    'Group.CallbackAfterGroupDestroyed',
    { en: 'The owner has dissolved the group: the room ends.', zh: '主播解散群组：直播结束。' },
  ],
];

const CALLBACK_RULES: readonly Words[] = [
  {
    en: 'Answers are the vendor’s: HTTP 200 = understood, 403 = the signature is missing or wrong, 400 = cannot be read, 503 = send it again.',
    zh: '响应遵循厂商格式：HTTP 200 表示已处理，403 表示签名缺失或错误，400 表示无法解析，503 表示请重发。',
  },
  {
    en: 'Events may come twice and in any order; the time of the event decides. Other events are accepted and ignored.',
    zh: '事件可以重复、乱序，以事件时间为准；不需要的事件会被接受并忽略。',
  },
];

const WEBHOOK_RULES: readonly Words[] = [
  {
    en: 'A POST with JSON; answer 2xx within a few seconds. Anything else is tried again after about 5 s, 30 s, 2 min, 10 min, then hourly, for 24 h.',
    zh: 'POST JSON，请在几秒内返回 2xx；否则约 5 秒、30 秒、2 分钟、10 分钟后重试，之后每小时一次，共 24 小时。',
  },
  {
    en: 'An event may come more than once: webhook-id is the same each time. Events of one room come in order, each with a sequence and the number of the broadcast.',
    zh: '同一事件可能送达多次，webhook-id 不变。同一房间的事件按顺序送达，带有序号和直播次数。',
  },
  {
    en: 'Signed as Standard Webhooks says: verify with any of its libraries before you believe a word.',
    zh: '按 Standard Webhooks 规范签名：请先用其任意一个库验证签名。',
  },
];

const WEBHOOK = `POST /your/address
webhook-id: 0f1e2d3c
webhook-timestamp: 1795521600
webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

{"id": "0f1e2d3c", "type": "room.ended", "createdUtc": "2026-11-24 12:00:00", "tenant": "",
 "data": {"roomId": "1", "broadcastNo": 4, "sequence": 17}}`;

const VERIFY = `import { Webhook } from 'standardwebhooks';

const webhook = new Webhook('whsec_…'); // the secret you were shown when you added the webhook
const event = webhook.verify(body, headers); // throws if it is not from the service`;

const REGISTER = `curl '${ADDRESS}base/v1/admin/add_webhook' \\
  -H 'content-type: application/json' -H 'authorization: Bearer lrk_…' \\
  -d '{"url":"https://your.example/hooks","events":["room.opened","room.ended"]}'`;

function rules(): string {
  return `${list(RULES)}
${heading(3, 'The server', '服务地址')}${example(ADDRESS)}
<p>${both({ en: 'Apps are given this address, with its final slash.', zh: '客户端的 SERVERLESSURL 填写此地址，以斜杠结尾。' })}</p>
${heading(3, 'Signing', '签名')}${example(SIGNING)}`;
}

function client(): string {
  const about = {
    en: 'For browsers and Node.js: typed calls, the signature, the keepalive and a fresh token at start.',
    zh: '支持浏览器和 Node.js：带类型的接口、签名、自动心跳、启动时刷新 token。',
  };
  return `<p>${both(about)}</p>${example(CLIENT)}`;
}

function callbacks(): string {
  const about = {
    en: 'IM and TRTC report joins and leaves to the service. Enter these addresses in their consoles, with IM_CALLBACK_TOKEN and TRTC_CALLBACK_KEY as set for the service; without them every callback is refused.',
    zh: 'IM 和 TRTC 通过回调告知谁进入和离开。请在其控制台填写以下地址，并与服务的 IM_CALLBACK_TOKEN、TRTC_CALLBACK_KEY 一致；未设置时所有回调都会被拒绝。',
  };
  const rows = CALLBACKS.map(([name, text]) => row(name, '', both(text))).join('');
  return `<p>${both(about)}</p>
${heading(3, 'IM', 'IM')}${example(`${ADDRESS}base/v1/callbacks/im`)}<dl>${rows}</dl>
${heading(3, 'TRTC rooms', 'TRTC 房间')}${example(`${ADDRESS}base/v1/callbacks/trtc`)}
${list(CALLBACK_RULES)}`;
}

function webhooks(): string {
  const about = {
    en: 'The service can notify your backend of events. Operators add webhooks on their pages or by a call:',
    zh: '服务可以把事件推送给你的后端。运营人员可以在运营后台或通过接口添加 Webhook：',
  };
  return `<p>${both(about)}</p>${example(REGISTER)}
${heading(3, 'What arrives', '推送内容')}${example(WEBHOOK)}${list(WEBHOOK_RULES)}
${heading(3, 'Verifying', '验证签名')}${example(VERIFY)}`;
}

/** Before the calls. */
export const FIRST_CHAPTERS: readonly Chapter[] = [
  { id: 'rules', title: { en: 'Rules of every call', zh: '通用规则' }, html: rules() },
  { id: 'client', title: { en: 'Client for TypeScript', zh: 'TypeScript 客户端' }, html: client() },
];

/** Chapters after the calls. */
export const LAST_CHAPTERS: readonly Chapter[] = [
  { id: 'callbacks', title: { en: 'Callbacks of IM and TRTC', zh: 'IM 和 TRTC 回调' }, html: callbacks() },
  { id: 'webhooks', title: { en: 'Webhooks', zh: 'Webhook' }, html: webhooks() },
];
