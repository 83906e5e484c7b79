/** The output while a deploy waits: for what, since when, and the usual duration. */
import { createReporter, sentenceOf } from '../../deploy/reporter';

const began = new Date(2026, 10, 24, 10, 42, 7).getTime();

describe('the moving line', () => {
  it('counts the time of a step, and names its dependency', () => {
    expect(sentenceOf({ message: 'Timer', began, wait: undefined }, began + 3_400)).toBe('Timer (3 s)');
    const wait = { what: 'cluster x to run', usually: '2 to 6 minutes', since: began };
    expect(sentenceOf({ message: 'Database cluster', began, wait }, began + 125_000)).toBe(
      'Database cluster: waiting for cluster x to run since 10:42:07 (2 min 5 s; usually 2 to 6 minutes)',
    );
  });

  it('is printed every half minute without a terminal', async () => {
    jest.useFakeTimers({ now: began });
    const lines: string[] = [];
    const keep = (text = '') => void lines.push(text);
    const progress = { create: () => ({ update: keep, remove: () => {} }) };
    const log = { notice: keep, warning: keep, success: keep };
    const report = createReporter({ log, progress, writeText: keep });
    let finish: (value: string) => void = () => {};
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const step = report.step(
      'Function',
      () => work,
      (text) => text,
    );
    const done = report.waiting('it to become active', 'some seconds');
    expect(report.now()).toBe('Function: waiting for it to become active');
    jest.advanceTimersByTime(61_000);
    done();
    finish('made');
    await step;
    jest.useRealTimers();
    expect(lines).toEqual([
      '… Function: waiting for it to become active since 10:42:07 (30 s; usually some seconds)',
      '… Function: waiting for it to become active since 10:42:07 (1 min 0 s; usually some seconds)',
      '✔ made (1 min 1 s)',
    ]);
  });
});
