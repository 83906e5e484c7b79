/**
 * Waiting times of each page with 500 and with 20,000 live rooms, in Chromium: first paint, content, and
 * the longest tasks while the board refreshes. `npm run bench -- pages [small]`. Times are of this machine: compare the
 * columns, and the processor time of a task, which other programs do not lengthen, with the 50 ms of a smooth page.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { CDPSession, Page } from 'playwright-core';
import { closeBrowser, openWindow } from '../testkit/browser';
import { type MysqlServer, startMysqlServer } from '../testkit/mysql-server';
import { seed } from '../testkit/seed';
import { seedOperators } from '../testkit/seed-operators';
import { OPERATOR_KEY, type Running, startProcess } from './processes';
import { cell, printTable } from './table';

/** Seven of ten live rooms of the seed are the default tenant's. */
const SHARE = 0.7;
const ROUNDS = 3;
const REFRESHES = 6;
/** Only ends what hangs. */
const PATIENCE_MS = 120_000;

const CONTENT =
  '[data-screen] [data-row], [data-screen] dl, [data-screen] canvas, [data-screen] .empty, [data-screen] form';
const PAGES: readonly (readonly [path: string, content: string])[] = [
  ['', 'h1'],
  ['docs', '#enter_room'],
  ['console', '#host input'],
  ...[
    'overview',
    'rooms',
    'rooms?look=wall',
    'rooms?search=Live',
    'rooms/room/2',
    'users',
    'users/user/11',
    'reports',
    'sanctions',
    'statistics',
    'broadcasts',
    'audit',
    'webhooks',
    'deliveries/1',
    'operators',
    'settings',
  ].map((screen) => [`operators#/${screen}`, CONTENT] as const),
];

/** A service makes the tables; they are filled while none runs. */
async function serve(mysql: MysqlServer, bundle: string, rooms: number): Promise<Running> {
  const { host, port, user, password } = mysql;
  const database = mysql.createDatabaseName();
  const env = { ...mysql.env(database), CONSOLE: 'on' };
  const first = await startProcess(bundle, env);
  while ((await fetch(`http://localhost:${first.port}/readyz`)).status !== 200) await sleep(500);
  await first.end();
  const connection = await createConnection({ host, port, user, password, database });
  await connection.query('DELETE FROM samples');
  const live = Math.ceil(rooms / SHARE);
  await seed(connection, { users: live * 2 + 2, rooms: live, live, members: 0 }, Date.now());
  await seedOperators(connection, 1_000, Date.now());
  await connection.end();
  return startProcess(bundle, env);
}

/** Runs before the page's scripts: the key is there, and the moment of the first content is noted. */
function prepared(content: string): string {
  return `localStorage.setItem('live-room.operator', ${JSON.stringify(JSON.stringify({ key: OPERATOR_KEY, tenant: '' }))});
    new MutationObserver((_, watcher) => {
      if (!document.querySelector(${JSON.stringify(content)})) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.contentAt = performance.now(); }));
    }).observe(document, { childList: true, subtree: true });`;
}

/** The policy of the page allows no waiting inside of it. */
async function shown(page: Page): Promise<void> {
  for (let round = 0; round < 600; round += 1) {
    if (await page.evaluate<boolean>('window.contentAt > 0')) return;
    await sleep(100);
  }
  throw new Error(`no content after a minute: ${page.url()}`);
}

interface Times {
  paint: number;
  content: number;
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function timesOf(base: string, [path, content]: readonly [string, string]): Promise<Times> {
  const all: Times[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page, close } = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(prepared(content));
    await page.goto(base + path);
    await shown(page);
    all.push(
      await page.evaluate<Times>(
        `({ paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, content: window.contentAt })`,
      ),
    );
    await close();
  }
  return { paint: middle(all.map(({ paint }) => paint)), content: middle(all.map(({ content: at }) => at)) };
}

interface Traced {
  name: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
}

/** The tasks of the page's process while `work` runs, by Chromium's own trace. */
async function tasksDuring(page: Page, work: () => Promise<void>): Promise<Traced[]> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const events: Traced[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => {
    // The form of the trace is Chromium's.
    events.push(...(value as unknown as Traced[]));
  });
  await cdp.send('Tracing.start', { traceConfig: { includedCategories: ['devtools.timeline', 'toplevel'] } });
  await work();
  const over = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await over;
  // Scripts run in the page's own thread: the thread with most of them is it.
  const threadOf = ({ pid, tid }: Traced) => `${pid} ${tid}`;
  const scripts = new Map<string, number>();
  for (const event of events) {
    if (event.name === 'FunctionCall') scripts.set(threadOf(event), (scripts.get(threadOf(event)) ?? 0) + 1);
  }
  const [own] = [...scripts].toSorted(([, x], [, y]) => y - x)[0] ?? [];
  return events.filter((event) => threadOf(event) === own && /RunTask$/.test(event.name));
}

/** The longest tasks of the board while it refreshes (ms): as they lasted, and in processor time. */
async function boardTasks(base: string, screen: string): Promise<{ wall: number; cpu: number }> {
  const { page, close } = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(prepared(CONTENT));
  await page.goto(`${base}operators#/${screen}`);
  await shown(page);
  const tasks = await tasksDuring(page, async () => {
    for (let round = 0; round < REFRESHES; round += 1) {
      const answered = page.waitForResponse(/admin\/rooms$/);
      await page.click('[data-test=refresh]');
      await answered;
      await sleep(500);
    }
  });
  await close();
  const longest = (of: (task: Traced) => number | undefined) =>
    Math.max(0, ...tasks.map((task) => (of(task) ?? 0) / 1_000));
  return { wall: longest(({ dur }) => dur), cpu: longest(({ tdur }) => tdur) };
}

export async function benchPages(root: string, words: readonly string[]): Promise<void> {
  const sizes = words.includes('small') ? [50] : [500, 20_000];
  const mysql = await startMysqlServer();
  const services: Running[] = [];
  try {
    for (const rooms of sizes) services.push(await serve(mysql, `${root}/dist/index.js`, rooms));
    const bases = services.map(({ port }) => `http://localhost:${port}/`);
    const rows: string[][] = [];
    for (const one of PAGES) {
      const times: Times[] = [];
      for (const base of bases) times.push(await timesOf(base, one));
      rows.push([`/${one[0]}`, ...times.flatMap(({ paint, content }) => [cell(paint), cell(content)])]);
    }
    const heads = sizes.flatMap((rooms) => [`paint ${cell(rooms)}`, `content ${cell(rooms)}`]);
    printTable(['ms after the start of loading', ...heads], rows);
    const board: string[][] = [];
    for (const screen of ['rooms', 'rooms?look=wall', 'overview']) {
      const found: { wall: number; cpu: number }[] = [];
      for (const base of bases) found.push(await boardTasks(base, screen));
      board.push([screen, ...found.flatMap(({ wall, cpu }) => [wall.toFixed(1), cpu.toFixed(1)])]);
    }
    const columns = sizes.flatMap((rooms) => [`ms ${cell(rooms)}`, `cpu ${cell(rooms)}`]);
    printTable(['longest task while it refreshes', ...columns], board);
  } finally {
    await closeBrowser();
    for (const service of services) await service.stop();
    await mysql.stop();
  }
}
