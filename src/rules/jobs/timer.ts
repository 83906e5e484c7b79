/** The scheduled work inside a running server (laptop, web function): the outbox often, everything else about every minute. */
import type { Services } from '../context';
import { takeSamples } from '../statistics/sampler';
import { runMaintenance, runOutbox } from './maintenance';

const FIRST_MS = 1_000;
const MINUTE_MS = 60_000;
const OUTBOX_MS = 5_000;
const RUN_MS = 60_000;
const BUDGET_MS = 20_000;

/** A quarter more or less, so that many instances do not come at the same moment. */
function jittered(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}

/** Starts soon and runs until the returned function is called. Does not keep the process alive. */
export function startTimer(services: Services): () => void {
  let nextRun = 0;
  let sampled = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** The first process in a minute takes its sample; checking for one costs a statement. */
  async function sampleOnceAMinute(): Promise<void> {
    const minute = Math.floor(services.clock() / MINUTE_MS);
    if (minute === sampled) return;
    sampled = minute;
    await takeSamples(services).catch(() => {});
  }

  async function tick(): Promise<void> {
    await sampleOnceAMinute();
    if (performance.now() < nextRun) await runOutbox(services, BUDGET_MS);
    else {
      nextRun = performance.now() + jittered(RUN_MS);
      // Another instance may just have done it.
      await runMaintenance(services, { budgetMs: BUDGET_MS, unlessDoneWithinMs: RUN_MS / 2 });
    }
  }

  function schedule(ms: number): void {
    timer = setTimeout(() => {
      // The jobs log their own failures and never reject.
      void tick().finally(() => {
        if (!stopped) schedule(jittered(OUTBOX_MS));
      });
    }, ms);
    timer.unref();
  }

  schedule(jittered(FIRST_MS));
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
