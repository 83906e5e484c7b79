/** Stopping and `npm start`: clients that are being served during a stop do not notice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request as ask } from '../../testkit/http-client';
import { type ServiceProcess, startProcess } from '../../testkit/service-process';
import { createProject } from '../deploy/project';

const env = {
  TRTC_TIM_APPID: '1400000001',
  TRTC_TIM_SECRET: 'a'.repeat(64),
  TIM_ENDPOINT: 'off',
  TRTC_ENDPOINT: 'off',
};

/** One request on the agent's connection; whether the service wants it closed. */
function once(agent: Agent, port: number): Promise<'closes' | 'stays'> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path: '/helloworld' }, (answer) => {
      answer.resume().once('end', () => resolve(answer.headers.connection === 'close' ? 'closes' : 'stays'));
    });
    sent.once('error', reject).end();
  });
}

/** A client that continues over one connection; `done` when it has been asked to let go, `served` after two answers. */
function keepAsking(port: number, pauseMs: number): { served: Promise<void>; done: Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let isServed: () => void;
  const served = new Promise<void>((resolve) => {
    isServed = resolve;
  });
  const ask = async () => {
    for (let answers = 1; (await once(agent, port)) === 'stays'; answers += 1) {
      if (answers === 2) isServed();
      await sleep(pauseMs);
    }
  };
  return { served, done: ask().finally(() => agent.destroy()) };
}

describe('a service that gets SIGTERM', () => {
  let service: ServiceProcess;
  beforeEach(async () => {
    service = await startProcess({ ...env, SQLITE_PATH: ':memory:' });
  });
  afterEach(() => service.kill());

  it('answers on every connection that is open, and no client sees one break', async () => {
    const clients = Array.from({ length: 40 }, (_, index) => keepAsking(service.port, index * 5));
    const base = `http://127.0.0.1:${service.port}`;
    const chunks = ['{"username":"slow",', '"salt":"', '0'.repeat(32), '"}'];
    const headers = { 'content-type': 'application/json' };
    const slow = ask(base, '/base/v1/oauth/register', { method: 'POST', chunks, chunkDelayMs: 300, headers });
    await Promise.all(clients.map(({ served }) => served));
    const stopped = service.terminate();
    await Promise.all(clients.map(({ done }) => done));
    expect((await slow).json()).toMatchObject({ errorCode: 0 });
    expect(await stopped).toMatchObject({ code: 0 });
  });

  it('lets go of silent connections after a while, and of a sender that never ends', async () => {
    const silent = connect(service.port, '127.0.0.1');
    const endless = connect(service.port, '127.0.0.1');
    await sleep(100);
    endless.write('POST /base/v1/oauth/register HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{');
    endless.on('error', () => {});
    const silentEnded = new Promise((resolve) => silent.once('end', () => resolve(performance.now())));
    const began = performance.now();
    const { code, ms } = await service.terminate();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    expect(Number(await silentEnded) - began).toBeLessThan(7_500);
  });

  it('goes immediately at Ctrl-C when no user is being served', async () => {
    const silent = connect(service.port, '127.0.0.1');
    await sleep(100);
    expect((await service.terminate('SIGINT')).ms).toBeLessThan(2_900);
    silent.destroy();
  });
});

const unix = process.platform !== 'win32';
(unix ? describe : describe.skip)('npm start', () => {
  const isOpen = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });

  async function listening(npm: ChildProcess): Promise<number> {
    let text = '';
    for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (part: Buffer) => (text += part.toString()));
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(50)) {
      const port = /listens at http:\/\/localhost:(\d+)/.exec(text)?.[1];
      if (port !== undefined) return Number(port);
    }
    throw new Error(`npm start does not listen:\n${text}`);
  }

  it('is the server: a kill of npm frees its port', async () => {
    // A copy: it builds, and other tests use dist/.
    const project = createProject();
    const cwd = project.directory;
    // Older than the installed packages, or it would install again.
    utimesSync(join(cwd, 'package-lock.json'), 1, 1);
    const { PATH = '', HOME = '' } = process.env;
    const vars = { ...env, PATH, HOME, PORT: '0', SQLITE_PATH: ':memory:', npm_config_update_notifier: 'false' };
    const npm = spawn('npm', ['start'], { cwd, env: vars, detached: true });
    try {
      const port = await listening(npm);
      expect(await isOpen(port)).toBe(true);
      npm.kill('SIGTERM');
      for (const deadline = Date.now() + 60_000; Date.now() < deadline && (await isOpen(port)); await sleep(100));
      expect(await isOpen(port)).toBe(false);
    } finally {
      if (npm.pid !== undefined) {
        try {
          process.kill(-npm.pid, 'SIGKILL');
        } catch {
          // Gone already, as it should be.
        }
      }
      project.remove();
    }
  });
});
