/**
 * Messages before they go out: 1,000 callbacks of IM per second, in an open loop, on a real MySQL server with 20,000 words.
 * Service and load share one process, so a separate service does more. Times are from the planned arrival to the answer.
 */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { startMysqlServer } from '../testkit/mysql-server';
import { operatorOf } from '../testkit/operator';
import { newPeople } from '../testkit/people';
import { APP_ID, type Service, startService, whenReady } from '../testkit/service';
import { IM_TOKEN } from '../testkit/vendor';
import { printTable } from './table';

const PER_SECOND = 1_000;
const SECONDS = 30;
const ROOMS = 20;
const SENDERS = 2_000;
const WORDS = 20_000;
const WORDS_AT_ONCE = 1_000;
const ADMIN_KEY = 'lrk_a-key-for-the-benchmark-of-review';
/** One message in this many has a word. */
const ONE_IN = 20;

/** Letters that no sentence of the load has. */
const wordOf = (n: number) => `zq${n.toString(36)}x${(n * 7_919).toString(36)}`;

async function prepare(service: Service): Promise<string[]> {
  const admin = operatorOf(service, ADMIN_KEY);
  await admin.must('change_review_settings', { enabled: true });
  for (let at = 0; at < WORDS; at += WORDS_AT_ONCE) {
    await admin.must('add_words', { words: Array.from({ length: WORDS_AT_ONCE }, (_, n) => wordOf(at + n)) });
  }
  const hosts = await newPeople(service, ROOMS);
  for (const { userId, must } of hosts) {
    await must('rooms/enter_room', { roomId: userId, role: 'anchor', category: 'mlvb-show-live' });
  }
  return hosts.map(({ userId }) => userId);
}

function messageOf(n: number, roomId: string): string {
  const text = n % ONE_IN === 0 ? `hello ${wordOf(n % WORDS)} there` : `message ${n}: 主播唱得真好听，再来一首`;
  return JSON.stringify({
    CallbackCommand: 'Group.CallbackBeforeSendMsg',
    GroupId: roomId,
    Type: 'AVChatRoom',
    From_Account: String(1_000 + (n % SENDERS)),
    Random: n,
    MsgId: `144115-${n}-1`,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  });
}

/** Sends one and gives the answer's code. */
function ask({ port, clock }: Service, agent: Agent, body: string): Promise<number> {
  const time = String(Math.floor(clock.now() / 1000));
  const sign = createHash('sha256').update(`${IM_TOKEN}${time}`).digest('hex');
  const query = new URLSearchParams({ SdkAppid: String(APP_ID), contenttype: 'json', Sign: sign, RequestTime: time });
  const options = { port, host: '127.0.0.1', method: 'POST', agent, path: `/base/v1/callbacks/im?${query}` };
  return new Promise((resolve, reject) => {
    const sending = request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve(Number(/"ErrorCode":(\d+)/.exec(text)?.[1] ?? -1)));
    });
    sending.on('error', reject).end(body);
  });
}

const at = (sorted: Float64Array, part: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);

export async function benchReview(): Promise<void> {
  const mysql = await startMysqlServer();
  const env = {
    ...mysql.env(mysql.createDatabaseName()),
    ADMIN_KEY,
    IM_CALLBACK_TOKEN: IM_TOKEN,
    ROOMS_PER_OWNER: '0',
  };
  const service = await startService('sqlite', { env });
  await whenReady(service);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const rooms = await prepare(service);
    await ask(service, agent, messageOf(1, rooms[0] ?? ''));
    const times: number[] = [];
    const codes = new Map<number, number>();
    const started = performance.now();
    const before = process.cpuUsage();
    const waiting: Promise<void>[] = [];
    for (let n = 0; n < PER_SECOND * SECONDS; n += 1) {
      const due = started + (n * 1000) / PER_SECOND;
      const ahead = due - performance.now();
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
      const asked = ask(service, agent, messageOf(n + 2, rooms[n % ROOMS] ?? '')).then((code) => {
        times.push(performance.now() - due);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      });
      waiting.push(asked);
    }
    await Promise.all(waiting);
    const { user, system } = process.cpuUsage(before);
    const processor = Math.round((user + system) / times.length);
    const sorted = Float64Array.from(times).sort();
    const wrong = [...codes].filter(([code]) => code !== 0 && code !== 10100).reduce((sum, [, n]) => sum + n, 0);
    const perSecond = Math.round((times.length / (performance.now() - started)) * 1000);
    printTable(
      ['messages before they go out', 'per second', 'p50 ms', 'p99 ms', 'max ms', 'processor µs', 'refused', 'wrong'],
      [
        [
          `${WORDS} words`,
          String(perSecond),
          at(sorted, 0.5),
          at(sorted, 0.99),
          at(sorted, 1),
          String(processor),
          String(codes.get(10100) ?? 0),
          String(wrong),
        ],
      ],
    );
  } finally {
    agent.destroy();
    await service.close();
    await mysql.stop();
  }
}
