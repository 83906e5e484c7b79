/** A second process of the service, from the sources, on the database of the first and with its time. It runs no scheduled jobs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import type { Service } from './service';
import { type Ask, type Envelope, envelopeOf, overHttp } from './ways';

export interface DrivenProcess extends Pick<Service, 'env'> {
  ask(ask: Ask): Promise<Envelope>;
  /** Until the next call its time stands still (ms since 1970). */
  setTime(now: number): Promise<void>;
  close(): Promise<void>;
}

const MAIN = join(__dirname, 'driven-process-main.ts');

/** `env`: all settings, and where the database is. */
export async function startDrivenProcess(env: Readonly<Record<string, string>>, now: number): Promise<DrivenProcess> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    cwd: join(__dirname, '..'),
    env: { PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [address] = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the process ended with ${code}`))),
  ]);
  // What driven-process-main.ts sends first.
  const { port } = address as { port: number };
  const agent = new Agent({ keepAlive: true });
  const setTime = async (time: number) => {
    child.send(time);
    await once(child, 'message');
  };
  await setTime(now);
  return {
    env,
    setTime,
    ask: async (ask) => envelopeOf(await overHttp({ port, agent }, ask)),
    close: async () => {
      agent.destroy();
      child.disconnect();
      await ended;
    },
  };
}
