/** What is tallied reads exactly as prom-client's own counters would. */
import { Counter, Histogram, Registry } from 'prom-client';
import { registerCounter, registerHistogram } from '../../src/http/tallies';

const BUCKETS = [0.001, 0.0025, 0.5, 1];
const SEEN = [
  { labels: { endpoint: 'rooms/enter_room', code: '0' }, values: [0, 0.001, 0.0011, 0.0025, 0.3, 1, 1.0001, 99] },
  { labels: { endpoint: 'a "quoted"\nname', code: '98' }, values: [0.7] },
  { labels: { endpoint: 'never', code: '0' }, values: [] },
];
const DESCRIBED = { name: 'seen_seconds', help: 'What was seen.', labelNames: ['endpoint', 'code'] };

test('a histogram', async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  const histogram = new Histogram({ ...DESCRIBED, buckets: BUCKETS, registers: [theirs] });
  const tallyOf = registerHistogram(own, { ...DESCRIBED, buckets: BUCKETS });
  expect(await own.metrics()).toBe(await theirs.metrics());
  for (const { labels, values } of SEEN) {
    const tally = tallyOf(labels);
    if (values.length === 0) histogram.zero(labels);
    for (const value of values) {
      tally.observe(value);
      histogram.observe(labels, value);
    }
  }
  const text = await own.metrics();
  expect(text).toBe(await theirs.metrics());
  expect(text).toContain('seen_seconds_bucket{le="0.0025",endpoint="rooms/enter_room",code="0"} 4');
  expect(await own.metrics()).toBe(text);
});

test('a counter', async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  const counter = new Counter({ ...DESCRIBED, registers: [theirs] });
  registerCounter(own, DESCRIBED, () => SEEN.map(({ labels, values }) => ({ labels, value: values.length })));
  for (const { labels, values } of SEEN) counter.inc(labels, values.length);
  const text = await own.metrics();
  expect(text).toBe(await theirs.metrics());
  // Read twice, it is not counted twice.
  expect(await own.metrics()).toBe(text);
});
