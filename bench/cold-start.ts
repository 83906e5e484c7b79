/** From nothing to the first answer: loading the bundle, the first /helloworld, the first signed-in answer. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startMysqlServer } from '../testkit/mysql-server';
import { call, signUpMany } from './people';
import { startProcess } from './processes';
import { printTable } from './table';

const RUNS = 30;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function p90(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.9)] ?? 0;
}

/** Time of require() in a fresh process (ms). */
function requireTime(bundle: string): number {
  const code = `const t=performance.now();require(${JSON.stringify(bundle)});process.stdout.write(String(performance.now()-t));process.exit(0)`;
  return Number(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }));
}

export async function benchColdStart(root: string): Promise<void> {
  const bundle = join(root, 'dist/index.js');
  const mysql = await startMysqlServer({ durable: true });
  try {
    const env = mysql.env(mysql.createDatabaseName());
    const first = await startProcess(bundle, env);
    const [person] = await signUpMany(first.port, 1, 'cold');
    await first.stop();
    const loaded: number[] = [];
    const hello: number[] = [];
    const signedIn: number[] = [];
    const memory: number[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      loaded.push(requireTime(bundle));
      const one = performance.now();
      const greeter = await startProcess(bundle, env);
      await fetch(`http://127.0.0.1:${greeter.port}/helloworld`);
      hello.push(performance.now() - one);
      await greeter.stop();
      const two = performance.now();
      const service = await startProcess(bundle, env);
      const { errorCode } = await call(service.port, `auth_users/user_query?${person?.query}`);
      if (errorCode !== 0) throw new Error(`user_query answered ${errorCode}`);
      signedIn.push(performance.now() - two);
      memory.push(service.rss());
      await service.stop();
    }
    const row = (name: string, values: number[], unit: string) => [
      name,
      `${median(values).toFixed(0)} ${unit}`,
      `${p90(values).toFixed(0)} ${unit}`,
    ];
    process.stdout.write(`\nCold start, ${RUNS} runs each\n`);
    printTable(
      ['', 'median', 'p90'],
      [
        row('require() of the bundle', loaded, 'ms'),
        row('process start → first /helloworld', hello, 'ms'),
        row('process start → first signed-in answer on MySQL', signedIn, 'ms'),
        row('memory after it (resident)', memory, 'MiB'),
      ],
    );
  } finally {
    await mysql.stop();
  }
}
