/**
 * How long something took, for limits that the service promises: the time this process waited or computed, without the
 * time in which a busy machine gave it no processor. A clock on the wall would blame the service for its neighbours.
 */

const TICK_MS = 10;

/** Waits for `work`; `ms` is at most what a clock would say, and on an idle machine just that. */
export async function lived<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  let ms = 0;
  let since = performance.now();
  let used = process.cpuUsage();
  const count = () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    // A timer that comes late without this process having computed meanwhile was kept waiting by others.
    ms += Math.min(now - since, Math.max(TICK_MS, (user + system) / 1000));
    since = now;
    used = process.cpuUsage();
  };
  const timer = setInterval(count, TICK_MS);
  try {
    const result = await work;
    count();
    return { result, ms };
  } finally {
    clearInterval(timer);
  }
}

/** Waits until `holds` says so, looking again and again; fails with `what` after `withinMs`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
