/**
 * A million people write once each, in rooms with slow mode: what the service remembers of them is bounded, so its memory
 * stops growing. `npm run bench -- senders [people]`.
 */
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { addWords, CALLBACK_SETTINGS, goLive, messages } from './messages';
import { Line } from './open-loop';
import { call } from './people';
import { startProcess } from './processes';
import { cell } from './table';

const ROOMS = 20;
const CONNECTIONS = 32;
/** Memory is printed after each. */
const PARTS = 8;

export async function benchSenders(root: string, rest: readonly string[]): Promise<void> {
  const people = Number(rest[0] ?? 1_000_000);
  const mysql = await startMysqlServer();
  try {
    const env = { ...mysql.env(mysql.createDatabaseName()), ...CALLBACK_SETTINGS };
    const service = await startProcess(join(root, 'dist/index.js'), env);
    await addWords(service.port);
    const hosts = await goLive(service.port, ROOMS);
    for (const { query, userId } of hosts) {
      await call(service.port, `rooms/update_chat?${query}&roomId=${userId}&slowSeconds=3&unique=true`);
    }
    const rooms = hosts.map(({ userId }) => userId);
    const { next } = messages({ perSecond: 0, rooms, sender: (n) => String(1_000_000 + n) });
    let asked = 0;
    let wrong = 0;
    const began = performance.now();
    const report = () => {
      const perSecond = cell(asked / ((performance.now() - began) / 1_000));
      const memory = service.rss().toFixed(0);
      process.stdout.write(
        `${cell(asked)} people wrote once: memory ${memory} MiB, ${perSecond} a second, ${wrong} wrong\n`,
      );
    };
    report();
    for (let part = 1; part <= PARTS; part += 1) {
      const most = (people / PARTS) * part;
      const lines = Array.from({ length: CONNECTIONS }, async () => {
        const line = new Line(service.port);
        while (asked < most) {
          asked += 1;
          const ask = next();
          if (!ask) continue;
          const answer = await new Promise<string>((resolve) => line.send(ask, resolve));
          if (!answer.includes(ask.expected)) wrong += 1;
        }
        line.close();
      });
      await Promise.all(lines);
      report();
    }
    await service.end();
  } finally {
    await mysql.stop();
  }
}
