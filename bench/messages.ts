/** Messages before they go out: IM's callbacks as a stream of an open loop, and the words that they are compared with. */
import { createHash } from 'node:crypto';
import type { Ask, Stream } from './open-loop';
import { call, operate, type Person, signUpMany } from './people';
import { SETTINGS } from './processes';

const TOKEN = 'a-token-for-the-benchmark-of-review';
/** For the service. */
export const CALLBACK_SETTINGS = { IM_CALLBACK_TOKEN: TOKEN } as const;
const WORDS = 20_000;
const WORDS_AT_ONCE = 1_000;
/** One message in this many has a word. */
const ONE_IN = 20;

/** Letters that no sentence of the load has. */
const wordOf = (n: number) => `zq${n.toString(36)}x${(n * 7_919).toString(36)}`;

/** Switches review on, with 20,000 words, once the tables are there. */
export async function addWords(port: number): Promise<void> {
  while (!(await fetch(`http://127.0.0.1:${port}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 200));
  await operate(port, 'change_review_settings', { enabled: true });
  for (let at = 0; at < WORDS; at += WORDS_AT_ONCE) {
    await operate(port, 'add_words', { words: Array.from({ length: WORDS_AT_ONCE }, (_, n) => wordOf(at + n)) });
  }
}

/** Live rooms. */
export async function goLive(port: number, count: number): Promise<Person[]> {
  const hosts = await signUpMany(port, count, 'host');
  for (const { query, userId } of hosts) {
    await call(port, `rooms/enter_room?${query}&roomId=${userId}&role=anchor&category=mlvb-show-live`);
  }
  return hosts;
}

/** The signature counts for minutes; a new one each second, as IM does it. */
function signed(): () => string {
  let second = 0;
  let query = '';
  return () => {
    const now = Math.floor(Date.now() / 1000);
    if (now === second) return query;
    second = now;
    const Sign = createHash('sha256').update(`${TOKEN}${now}`).digest('hex');
    const SdkAppid = SETTINGS.TRTC_TIM_APPID;
    query = String(new URLSearchParams({ SdkAppid, contenttype: 'json', Sign, RequestTime: String(now) }));
    return query;
  };
}

/** `sender`: who writes the n-th message. */
export function messages(of: { perSecond: number; rooms: readonly string[]; sender: (n: number) => string }): Stream {
  const { perSecond, rooms, sender } = of;
  const query = signed();
  let count = 0;
  const next = (): Ask => {
    count += 1;
    const n = count;
    const refused = n % ONE_IN === 0;
    const text = refused ? `hello ${wordOf(n % WORDS)} there` : `message ${n}: 主播唱得真好听，再来一首`;
    const body = JSON.stringify({
      CallbackCommand: 'Group.CallbackBeforeSendMsg',
      GroupId: rooms[n % rooms.length],
      Type: 'AVChatRoom',
      From_Account: sender(n),
      Random: n,
      MsgId: `144115-${n}-1`,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
    });
    return { path: `/base/v1/callbacks/im?${query()}`, body, expected: `"ErrorCode":${refused ? 10100 : 0}` };
  };
  return { name: 'message', perSecond, next };
}
