/** What goes wrong at IM and at the webhook receiver: they fail, hang, answer late or not at all, and say they are busy. */
import type { Failure } from '../../testkit/fake-http';
import type { FaultKind, Tools } from './machines';

/** "The server is busy, try again" (https://cloud.tencent.com/document/product/269/1671). */
const BUSY = 10_002;
const LATE_MS = 1_500;

function atIm(name: string, failures: readonly Failure<number>[]): FaultKind {
  return {
    name: `IM ${name}`,
    weight: 2,
    run: async ({ world, ms, wait }: Tools) => {
      for (const failure of failures) world.im.fail(failure);
      await wait(ms);
      world.im.clear();
      return 'IM';
    },
  };
}

function atReceiver(name: string, failure: Failure<number>): FaultKind {
  return {
    name: `the webhook receiver ${name}`,
    weight: 2,
    run: async ({ world, ms, wait }: Tools) => {
      world.receiver.fail(failure);
      // A second failed attempt would be tried again only after half a minute.
      await wait(Math.min(ms, 4_000));
      world.receiver.clear();
      return 'the webhook receiver';
    },
  };
}

export const VENDOR_FAULTS: readonly FaultKind[] = [
  atIm('hangs', [{ hang: true }]),
  atIm('cuts connections', [{ reset: true }]),
  atIm('answers 502', [{ httpStatus: 502 }]),
  atIm('answers nonsense', [{ garbage: true }]),
  atIm('answers late', [{ delayMs: LATE_MS, applied: true }]),
  atIm('does its work and its answers are lost', [{ reset: true, applied: true }]),
  atIm('is busy', [{ errorCode: BUSY }]),
  {
    ...atIm('makes a group, the answer is lost, and then it is busy', [
      { command: 'create_group', reset: true, applied: true, times: 1 },
      { command: 'create_group', errorCode: BUSY },
    ]),
    weight: 4,
  },
  atReceiver('answers 503', { httpStatus: 503 }),
  atReceiver('takes a delivery and its answer is lost', { reset: true }),
  atReceiver('takes a delivery and answers late', { delayMs: LATE_MS }),
];
