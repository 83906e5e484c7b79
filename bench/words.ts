/** The list of words alone: its first build in this process, as after a start, and what a message costs. Processor time. */
import { createMatcher } from '../src/rules/review/matcher';
import type { Word } from '../src/rules/review/trie';
import { printTable } from './table';

const WORDS = 20_000;
const MESSAGES = 20_000;
const LENGTH = 40;

let seed = 7;
function below(n: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed % n;
}
const chinese = (length: number) => Array.from({ length }, () => String.fromCharCode(0x4e00 + below(3_000))).join('');
const latin = () => Array.from({ length: 4 + below(7) }, () => String.fromCharCode(97 + below(26))).join('');

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

export function benchWords(): void {
  const words = Array.from({ length: WORDS }, (_, id): Word => {
    return { id, text: id % 3 === 0 ? latin() : chinese(2 + below(4)), action: 'refuse' };
  });
  const texts = Array.from({ length: MESSAGES }, (_, at) =>
    at % 2 ? chinese(LENGTH) : Array.from({ length: 8 }, latin).join(' ').slice(0, LENGTH),
  );
  const cold = processorMs(() => void createMatcher(words));
  const warm = processorMs(() => void createMatcher(words));
  const matcher = createMatcher(words);
  for (const text of texts) matcher.find(text);
  const message = (processorMs(() => texts.forEach((text) => void matcher.find(text))) * 1_000) / MESSAGES;
  printTable(
    ['20,000 words', 'first build ms', 'second build ms', `message of ${LENGTH} characters µs`],
    [['', cold.toFixed(0), warm.toFixed(0), message.toFixed(1)]],
  );
}
