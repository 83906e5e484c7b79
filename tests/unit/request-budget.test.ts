/** The two clocks of a request: the request's never stops, the statements' stops while others are waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestBudget } from '../../src/base/request-budget';

test('the statements have their time from the first of them on', async () => {
  const budget = new RequestBudget({ requestMs: 1_000, statementsMs: 200 });
  await sleep(50);
  expect(budget.leftForStatements()).toBeCloseTo(200, -1);
  await sleep(50);
  expect(budget.leftForStatements()).toBeLessThanOrEqual(151);
  expect(budget.left()).toBeLessThanOrEqual(901);
});

test('waiting for others is not the statements’ time, but the request’s', async () => {
  const budget = new RequestBudget({ requestMs: 1_000, statementsMs: 200 });
  budget.leftForStatements();
  await Promise.all([
    budget.outside(() => sleep(100)),
    budget.outside(async () => {
      await sleep(50);
      expect(budget.leftForStatements()).toBeGreaterThan(190);
    }),
  ]);
  expect(budget.leftForStatements()).toBeGreaterThan(190);
  expect(budget.left()).toBeLessThanOrEqual(901);
});

test('nothing outlasts the request, and a limit only ever shortens it', async () => {
  const budget = new RequestBudget({ requestMs: 100, statementsMs: 5_000 });
  budget.limit(50);
  budget.limit(10_000);
  await budget.outside(() => sleep(60));
  expect(budget.left()).toBeLessThanOrEqual(0);
  expect(budget.leftForStatements()).toBeLessThanOrEqual(0);
  expect(await budget.outside(async (leftMs) => leftMs)).toBe(1);
});
