/**
 * Counting that costs a few additions. prom-client checks and hashes the labels at every observation, which was a twentieth
 * of a keepalive; here whoever counts keeps the object of its labels, and prom-client is told the sums when they are read.
 */
import { Counter, type Histogram, type Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

interface Described {
  name: string;
  help: string;
}

/** What a counter has come to for one set of labels. */
export interface Total {
  labels: Labels;
  value: number;
}

/** A counter whose values are asked for when they are read. */
export function registerCounter(
  registry: Registry,
  described: Described & { labelNames: readonly string[] },
  totals: () => Iterable<Total>,
): void {
  const { name, help, labelNames } = described;
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of totals()) this.inc(labels, value);
    },
  });
}

/** Observations with one set of labels. */
export class Tally {
  readonly labels: Labels;
  private readonly bounds: readonly number[];
  /** In each bucket, and in the last one what is beyond them all. */
  private readonly counts: number[];
  private sum = 0;
  /** Observations. */
  count = 0;

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels;
    this.bounds = bounds;
    this.counts = [...bounds.map(() => 0), 0];
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    // Beyond the last one there is nothing to compare with.
    while (value > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.sum += value;
    this.count += 1;
  }

  /** Lines of the page: each bucket with all below it, the sum, the count. */
  values(name: string): { metricName: string; labels: Readonly<Record<string, string | number>>; value: number }[] {
    let total = 0;
    const buckets = [...this.bounds, '+Inf'].map((le, index) => {
      total += this.counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...this.labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.labels, value: this.sum },
      { metricName: `${name}_count`, labels: this.labels, value: this.count },
    ];
  }
}

/** A histogram that is made of tallies. Gives what makes one for labels that have none yet. */
export function registerHistogram(
  registry: Registry,
  { name, help, buckets }: Described & { buckets: readonly number[] },
): (labels: Labels) => Tally {
  const tallies: Tally[] = [];
  const get = async () => ({ name, help, type: 'histogram', values: tallies.flatMap((tally) => tally.values(name)) });
  // The type asks for one of prom-client's own classes; all that a registry reads of it are these four.
  registry.registerMetric({ name, help, type: 'histogram', get } as unknown as Histogram);
  return (labels) => {
    const tally = new Tally(labels, buckets);
    tallies.push(tally);
    return tally;
  };
}
