/** `npm run walk`: the whole walk over all endpoints (tests/attacks/walk.test.ts), 1,000 calls in every mode; WALK_CALLS changes the number. */
process.env.WALK_CALLS ??= '1000';
process.argv.push('tests/attacks/walk.test.ts', '--maxWorkers=1', '--testTimeout=900000');
await import('./test.mjs');
