/** Calls of one account take turns. */
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { RequestBudget } from '../../src/base/request-budget';
import { Turns } from '../../src/rules/accounts/places';

/** Work that lasts until it is ended. */
function open(begun: () => void) {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = () => {
    begun();
    return over;
  };
  return { work, end };
}

const long = () => new RequestBudget({ requestMs: 60_000 });

test('places are given in the order of arrival, and another key has its own', async () => {
  const turns = new Turns<string>(2);
  const begun: number[] = [];
  const calls = [0, 1, 2, 3].map((n) => open(() => begun.push(n)));
  const all = calls.map(({ work }) => turns.run('ann', long(), work));
  expect(begun).toEqual([0, 1]);
  expect(await turns.run('bob', long(), async () => 'immediately')).toBe('immediately');
  calls[1]?.end();
  await endOfTurn();
  expect(begun).toEqual([0, 1, 2]);
  calls[2]?.end();
  await endOfTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const { end } of calls) end();
  await Promise.all(all);
  expect(await turns.run('ann', long(), async () => 'again')).toBe('again');
});

test('who finds no place while there is time to use it is refused, and takes none from those behind', async () => {
  const turns = new Turns<string>(1);
  const first = open(() => {});
  const holding = turns.run('ann', long(), first.work);
  // A call keeps two seconds for its work: these have none to wait.
  const late = turns.run('ann', new RequestBudget({ requestMs: 1_000 }), async () => 'late');
  const behind = turns.run('ann', long(), async () => 'behind');
  await expect(late).rejects.toMatchObject({ name: 'UserQueryLimit' });
  first.end();
  await holding;
  expect(await behind).toBe('behind');
});

test('work that fails gives its place back', async () => {
  const turns = new Turns<string>(1);
  const failing = turns.run('ann', long(), async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await turns.run('ann', long(), async () => 'next')).toBe('next');
});
