/** One run of jest over test files of the sandbox, in the order given, up to the first failure or to a deadline. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Until the first test file begins: jest itself, and the database that the tests copy. A mutant may hang it. */
const START_MS = 300_000;

export const TIME_OUT = 'time-out';

/** The tests' own marks are set by environment.mjs; these are of the code that jest runs before them. */
const MARKS = 'data:text/javascript,globalThis.mutantsReached=[]';
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

function options(folder, files) {
  const own = (name) => join(folder, 'scripts/mutants', name);
  return [
    '--runInBand',
    '--forceExit',
    '--silent',
    '--sandboxInjectedGlobals=Math',
    '--sandboxInjectedGlobals=mutantsReached',
    `--cacheDirectory=${join(folder, '.jest')}`,
    // jest would clean up each property of the global object, and a hundred thousand marks take it a minute.
    '--testEnvironmentOptions={"globalsCleanup":"off"}',
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
export function runTests(folder, files, { deadlineOf, onEnd = () => {}, bail = true }) {
  const temporary = join(folder, '.tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const env = {
    ...process.env,
    TEST_DATABASES: 'sqlite',
    TMPDIR: temporary,
    MUTANT_TESTS: files.join(','),
  };
  return new Promise((resolve) => {
    // A group of its own: what its tests have started ends with it.
    const child = spawn(process.execPath, ['--import', MARKS, jest, ...options(folder, files)], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const failed = new Map();
    let deadline = setTimeout(() => stop('start', TIME_OUT), START_MS);
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
        deadline = setTimeout(() => stop(message.began, TIME_OUT), deadlineOf(message.began));
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
