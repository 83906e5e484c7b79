/** Runs an example as a separate process, in the way of its README. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export interface Running {
  port: number;
  output: () => string;
  /** Resolves when the process has ended. */
  stop: () => Promise<void>;
}

/** Runs an example and waits for the line with its address. */
export function run(file: string, env: Readonly<Record<string, string>>): Promise<Running> {
  const child = spawn(process.execPath, [file], { cwd: root, env: { ...process.env, PORT: '0', ...env } });
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = () => {
    child.kill();
    return ended;
  };
  return new Promise((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      const [, port] = /(?:listening at |localhost:)(\d+)/.exec(output) ?? [];
      if (port) resolve({ port: Number(port), output: () => output, stop });
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('exit', () => reject(new Error(output)));
  });
}
