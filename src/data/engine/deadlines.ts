/**
 * Time limits for many short tasks. A timer each would cost more than the statements they guard, so one ticks
 * for all of them; a limit is noticed up to TICK_MS late.
 */

const TICK_MS = 100;

export type Ending = 'late' | 'given up';

interface Watched {
  since: number;
  at: number;
  expire: (why: Ending) => void;
}

export class Deadlines {
  private readonly watched = new Set<Watched>();
  private ticking: NodeJS.Timeout | undefined;
  private readonly slow: { ms: number; call: () => void } | undefined;

  /** `slow.call` is called again and again while something has been watched for longer than `slow.ms`. */
  constructor(slow?: { ms: number; call: () => void }) {
    this.slow = slow;
  }

  /** Calls `expire` once `ms` have passed, unless the function it gives was called before. */
  watch(ms: number, expire: (why: Ending) => void): () => void {
    const since = performance.now();
    const entry = { since, at: since + ms, expire };
    this.watched.add(entry);
    this.ticking ??= setInterval(() => this.tick(), TICK_MS);
    return () => this.watched.delete(entry);
  }

  /** Ends everything that is watched now. */
  giveUp(): void {
    for (const entry of this.watched) {
      this.watched.delete(entry);
      entry.expire('given up');
    }
  }

  private tick(): void {
    const now = performance.now();
    let isSlow = false;
    for (const entry of this.watched) {
      if (this.slow && now - entry.since > this.slow.ms) isSlow = true;
      if (entry.at > now) continue;
      this.watched.delete(entry);
      entry.expire('late');
    }
    if (isSlow) this.slow?.call();
    if (this.watched.size > 0) return;
    clearInterval(this.ticking);
    this.ticking = undefined;
  }
}
