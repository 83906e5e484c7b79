/** Attack 1: parameters that are cheap to send and expensive to read, without a sign-in. */
import { useService } from '../../testkit/service';
import type { Ask, Envelope } from '../../testkit/ways';

const service = useService('sqlite');

function form(endpoint: string, body: string): Ask {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', path: `/base/v1/${endpoint}`, headers, body };
}

/** Processor time of this process, which is the server's, in ms; the sender's own part is in it. */
async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function expectRefusal(envelope: Envelope): void {
  // Separators without names are no parameters; then the token is missing.
  expect(['RoomQueryParams', 'UserTokenInvalid']).toContain(envelope.codeStr);
}

const ATTACKS: readonly [string, string][] = [
  ['one list in 6,000 parts', 'roomIds=a&'.repeat(6_000)],
  ['one list in 100,000 parts', 'roomIds=a&'.repeat(100_000)],
  ['one list in parts with brackets', 'roomIds[]=a&'.repeat(5_000)],
  ['one list with 30,000 commas', `roomIds=${'a,'.repeat(30_000)}`],
  ['9,000 names', Array.from({ length: 9_000 }, (_, index) => `n${index}=`).join('&')],
  ['nothing but separators', '&'.repeat(60_000)],
  ['one name again and again', 'category=x&'.repeat(5_500)],
  ['escapes', `category=${'%'.repeat(60_000)}`],
];

/** The cheapest of three, because other work of this process may be in a measurement. */
async function leastProcessorMs(work: () => Promise<unknown>): Promise<number> {
  const each: number[] = [];
  for (let round = 0; round < 3; round += 1) each.push(await processorMs(work));
  return Math.min(...each);
}

/**
 * The cost of twenty ordinary refusals and of two plain bodies of this length, which have to be received too. The bound is a
 * ratio, not a time.
 */
async function ordinaryMs(length: number): Promise<number> {
  const plain = form('rooms/query_room', 'category=x');
  const long = form('rooms/query_room', `category=${'x'.repeat(length)}`);
  return leastProcessorMs(async () => {
    for (let index = 0; index < 20; index += 1) await service().ask('http', plain);
    for (let index = 0; index < 2; index += 1) await service().ask('http', long);
  });
}

test.each(ATTACKS)('refuses %s without working for it', async (_name, body) => {
  const ordinary = await ordinaryMs(body.length);
  const attack = await leastProcessorMs(async () =>
    expectRefusal(await service().ask('http', form('rooms/query_room', body))),
  );
  expect(attack).toBeLessThan(Math.max(ordinary, 15));
});

test('the same by the query of an event', async () => {
  const ask: Ask = {
    method: 'GET',
    path: `/base/v1/rooms/query_room?${'roomIds=a&'.repeat(60_000)}`,
    headers: {},
    body: '',
  };
  const ordinary = await ordinaryMs(0);
  const attack = await leastProcessorMs(async () => expectRefusal(await service().ask('function-url', ask)));
  expect(attack).toBeLessThan(Math.max(ordinary * 2, 60));
});
