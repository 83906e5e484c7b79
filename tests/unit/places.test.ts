/** Calls that wait for a place in a limit: a woken call that no longer needs the place wakes the next one. */
import { RequestBudget } from '../../src/base/request-budget';
import { inPlace, type Place, Places } from '../../src/rules/accounts/places';

const refusal = () => new Error('refused');
const turnOf = (places: Places, limits: () => readonly Place[]) => ({
  places,
  budget: new RequestBudget(),
  now: 0,
  limits,
  refusal,
});
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a limit that no longer applies to its waiting calls lets all of them continue', async () => {
  const places = new Places();
  let isTrusted = false;
  const limits = () => [isTrusted ? { key: 'pair', most: 1 } : { key: 'name', most: 1 }];
  const done: number[] = [];
  const calls = Array.from({ length: 20 }, (_, n) =>
    inPlace(turnOf(places, limits), async () => {
      await later();
      isTrusted = true;
      done.push(n);
    }),
  );
  await Promise.all(calls);
  expect(done).toHaveLength(20);
});

test('places that are given back are taken by the calls that wait, never by more at a time than the limit has', async () => {
  const places = new Places();
  let inside = 0;
  let most = 0;
  const calls = Array.from({ length: 30 }, () =>
    inPlace(
      turnOf(places, () => [{ key: 'address', most: 3 }]),
      async () => {
        inside += 1;
        most = Math.max(most, inside);
        await later();
        inside -= 1;
      },
    ),
  );
  await Promise.all(calls);
  expect(most).toBe(3);
});
