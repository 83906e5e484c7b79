/** One run of jest over test files of the sandbox, in the order given, up to the first failure or to a deadline. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Tests of time with lists of 20,000 words: code that counts each of its steps takes minutes for them. */
const TOO_SLOW = '20,000|costs the same';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

function options(folder, files) {
  const own = (name) => join(folder, 'scripts/mutants', name);
  return [
    '--runInBand',
    '--forceExit',
    '--silent',
    `--testNamePattern=^(?!.*(${TOO_SLOW}))`,
    `--cacheDirectory=${join(folder, '.jest')}`,
    `--env=${own('environment.mjs')}`,
    `--testSequencer=${own('sequencer.mjs')}`,
    '--runTestsByPath',
    ...files,
  ];
}

/**
 * `deadlineOf(file)`: milliseconds after which the file counts as hanging. `onEnd` gets each file that has ended, with its
 * time (ms), the mutants that it reached and what of it failed. Gives what failed, by file; with `bail` it is the first only.
 */
export function runTests(folder, files, { mutant, deadlineOf, onEnd = () => {}, bail = true }) {
  const temporary = join(folder, '.tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const env = {
    ...process.env,
    TEST_DATABASES: 'sqlite',
    TMPDIR: temporary,
    MUTANT_TESTS: files.join(','),
    ...(mutant === undefined ? {} : { __STRYKER_ACTIVE_MUTANT__: mutant }),
  };
  return new Promise((resolve) => {
    // A group of its own: what its tests have started ends with it.
    const child = spawn(process.execPath, [jest, ...options(folder, files)], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const failed = new Map();
    let deadline;
    let began = Date.now();
    const endAll = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nothing is left of the group.
      }
    };
    const stop = (file, why) => {
      failed.set(file, why);
      endAll();
    };
    child.on('message', (message) => {
      if (message.began) {
        began = Date.now();
        clearTimeout(deadline);
        deadline = setTimeout(() => stop(message.began, 'time-out'), deadlineOf(message.began));
      }
      if (message.failed) {
        if (bail) stop(message.failed, message.test);
        else failed.set(message.failed, message.test);
      }
      if (message.ended) {
        const { ended: file, reached } = message;
        onEnd(file, { ms: Date.now() - began, reached, failed: failed.get(file) });
      }
    });
    child.on('exit', (code) => {
      clearTimeout(deadline);
      endAll();
      if (code !== 0 && failed.size === 0) failed.set('jest', `exit ${code}`);
      resolve(failed);
    });
  });
}
