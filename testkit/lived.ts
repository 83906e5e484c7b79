/**
 * How long something took, for limits that the service promises: the time this process waited or computed, without the
 * time in which a busy machine gave it no processor. A clock on the wall would blame the service for its neighbours.
 */

const TICK_MS = 10;

/** Goes on while this process waits or computes, and stands still while others have its processor. */
export class LivedClock {
  private ms = 0;
  private since = performance.now();
  private used = process.cpuUsage();
  private readonly timer = setInterval(() => this.now(), TICK_MS);

  /** Milliseconds since it was made. */
  now(): number {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.used);
    // A timer that comes late without this process having computed meanwhile was kept waiting by others.
    this.ms += Math.min(now - this.since, Math.max(TICK_MS, (user + system) / 1000));
    this.since = now;
    this.used = process.cpuUsage();
    return this.ms;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Waits for `work`; `ms` is at most what a clock on the wall would say, and on an idle machine just that. */
export async function lived<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const clock = new LivedClock();
  try {
    const result = await work;
    return { result, ms: clock.now() };
  } finally {
    clock.stop();
  }
}

/** Waits until `holds` says so, looking again and again; fails with `what` after `withinMs`, which only ends what hangs. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
