/** The benchmark: everything in one run on one machine, printed as tables. Started by run.mjs. */
import { benchAgainst } from './against';
import { benchApi } from './api';
import { benchCodes } from './codes';
import { benchColdStart } from './cold-start';
import { benchEvening } from './evening';
import { benchHotRoom } from './hot-room';
import { benchMetrics } from './metrics';
import { benchOperators } from './operators';
import { benchPages } from './pages';
import { benchProfile } from './profile';
import { benchReview } from './review';
import { benchScale } from './scale';
import { benchSenders } from './senders';
import { benchStatistics } from './statistics';
import { benchYear } from './year';

const [root = '.', bytes = '0', gzipBytes = '0', what = 'all', ...rest] = process.argv.slice(2);

async function main(): Promise<void> {
  const kib = (text: string) => `${(Number(text) / 1024).toFixed(0)} KiB`;
  process.stdout.write(`node ${process.version}, dist/index.js ${kib(bytes)} (${kib(gzipBytes)} gzipped)\n`);
  if (what === '--against') return benchAgainst(root, rest[0] ?? '', rest[1]);
  if (what === 'evening') return benchEvening(root, rest);
  if (what === 'profile') return benchProfile(root, rest[0]);
  if (what === 'metrics') return benchMetrics(root);
  if (what === 'year') return benchYear(rest);
  if (what === 'senders') return benchSenders(root, rest);
  if (what === 'pages') return benchPages(root, rest);
  if (what === 'operators') return benchOperators(root, rest);
  if (what === 'all' || what === 'cold') await benchColdStart(root);
  if (what === 'all' || what === 'api') await benchApi(root, rest[0]);
  if (what === 'all' || what === 'codes') await benchCodes();
  if (what === 'all' || what === 'review') await benchReview(root, what === 'all' ? [] : rest);
  if (what === 'all' || what === 'hot') await benchHotRoom(root);
  if (what === 'all' || what === 'statistics') await benchStatistics();
  if (what === 'all' || what === 'scale') await benchScale(root);
}

void main();
