/**
 * Time limits for many short things at once. A timer each would cost more than the statements they guard, so one ticks
 * for all of them; a limit is noticed up to TICK_MS late.
 */

const TICK_MS = 100;

interface Watched {
  at: number;
  expire: () => void;
}

export class Deadlines {
  private readonly watched = new Set<Watched>();
  private ticking: NodeJS.Timeout | undefined;

  /** Calls `expire` once `ms` have passed, unless the function it gives was called before. */
  watch(ms: number, expire: () => void): () => void {
    const entry = { at: performance.now() + ms, expire };
    this.watched.add(entry);
    this.ticking ??= setInterval(() => this.tick(), TICK_MS);
    return () => this.watched.delete(entry);
  }

  private tick(): void {
    const now = performance.now();
    for (const entry of this.watched) {
      if (entry.at > now) continue;
      this.watched.delete(entry);
      entry.expire();
    }
    if (this.watched.size > 0) return;
    clearInterval(this.ticking);
    this.ticking = undefined;
  }
}
