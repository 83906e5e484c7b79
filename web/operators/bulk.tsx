/** One action on every row that is chosen: asked for once, done one after the other, with what became of each. */
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { translator } from '../shared/language';
import { call, toMessage } from './api';
import { outcome, question } from './dialog';
import { MeasureForm, withReach } from './measure-form';
import { type Measure, measureText, newInput, paramsOf, type Target, usualDuration } from './measures';
import { ReasonField } from './reasons';

const t = translator({
  chosen: ['{1} selected', '已选择 {1} 项'],
  clear: ['Clear', '取消选择'],
  title: ['{1}: {2} selected', '{1}：已选择 {2} 项'],
  each: ['Applies to each of the {1} selected, one after the other.', '对所选 {1} 项逐个执行。'],
  progress: ['{1} of {2} …', '正在执行：{1}，共 {2}…'],
  done: ['{1}: {2} done.', '{1}：已完成 {2} 项。'],
  partly: [
    '{1}: {2} done, {3} failed. The failed ones stay selected.',
    '{1}：完成 {2} 项，失败 {3} 项。失败的仍保持选中。',
  ],
});

/** Calls `one` for each; shows the progress, and keeps failed ones selected. */
async function each<T>(asked: {
  word: string;
  items: readonly { id: string; item: T }[];
  one: (item: T) => Promise<unknown>;
  chosen: Signal<ReadonlySet<string>>;
  progress: Signal<number>;
}): Promise<string> {
  const { word, items, one, chosen, progress } = asked;
  const failed: string[] = [];
  let why: unknown;
  for (const { id, item } of items) {
    progress.value += 1;
    try {
      await one(item);
    } catch (error) {
      failed.push(id);
      why = error;
    }
  }
  chosen.value = new Set(failed);
  const done = items.length - failed.length;
  if (failed.length === 0) return t('done', word, done);
  // The last error is usually that of most of them.
  outcome.value = { ...toMessage(why), text: () => t('partly', word, done, failed.length) };
  throw why;
}

interface BarProps {
  chosen: Signal<ReadonlySet<string>>;
  children: ComponentChildren;
}

/** The bar below a list while rows of it are chosen. */
export function Bar({ chosen, children }: BarProps) {
  if (chosen.value.size === 0) return null;
  return (
    <div class="bulk" role="toolbar" aria-label={t('chosen', chosen.value.size)} data-test="bulk">
      <b class="number">{t('chosen', chosen.value.size)}</b>
      {children}
      <button
        type="button"
        class="quiet small"
        data-test="clear"
        onClick={() => {
          chosen.value = new Set();
        }}
      >
        {t('clear')}
      </button>
    </div>
  );
}

function Progress({ progress, of }: { progress: Signal<number>; of: number }) {
  return (
    <p class="soft" aria-live="polite">
      {progress.value > 0 ? t('progress', progress.value, of) : t('each', of)}
    </p>
  );
}

interface BulkProps {
  measures: readonly Measure[];
  chosen: Signal<ReadonlySet<string>>;
  targets: readonly Target[];
  after: () => void;
}

const idOf = ({ userId, roomId }: Target) => userId ?? roomId ?? '';

function askMeasures(measure: Measure, { targets, chosen, after }: BulkProps): void {
  const input = newInput();
  input.seconds.value = usualDuration(measure);
  const progress = signal(0);
  const word = measureText(measure);
  const [first] = targets;
  if (!first) return;
  const names = targets.map((one) => one.userName || one.roomTitle || idOf(one)).join(', ');
  const sum: Target = { ...first, userName: names, roomTitle: names };
  sum.viewers = targets.reduce((count, { viewers = 0 }) => count + viewers, 0);
  question.value = {
    title: t('title', word, targets.length),
    word,
    danger: measure !== 'warn_room',
    after,
    body: () => (
      <>
        <MeasureForm measure={measure} target={withReach(sum)} input={input} />
        <Progress progress={progress} of={targets.length} />
      </>
    ),
    run: () =>
      each({
        word,
        items: targets.map((item) => ({ id: idOf(item), item })),
        one: (target) => call(measure, paramsOf(measure, target, input)),
        chosen,
        progress,
      }),
  };
}

/** The bar of actions of a list of rooms or people. */
export function Bulk(props: BulkProps) {
  const { measures, chosen } = props;
  return (
    <Bar chosen={chosen}>
      {measures.map((measure) => (
        <button
          key={measure}
          type="button"
          class={measure === 'warn_room' || measure === 'mute_user' ? 'small' : 'small danger'}
          data-test={`bulk-${measure}`}
          onClick={() => askMeasures(measure, props)}
        >
          {measureText(measure)}
        </button>
      ))}
    </Bar>
  );
}

interface BulkReasonProps<T> {
  word: string;
  test: string;
  effect: string;
  chosen: Signal<ReadonlySet<string>>;
  items: readonly { id: string; item: T }[];
  run: (item: T, reason: string) => Promise<unknown>;
  after: () => void;
}

/** The bar of a list with one action and a reason: lifting sanctions, closing reports. */
export function BulkReason<T>({ word, test, effect, chosen, items, run, after }: BulkReasonProps<T>) {
  const ask = () => {
    const reason = signal('');
    const progress = signal(0);
    question.value = {
      title: t('title', word, items.length),
      word,
      after,
      body: () => (
        <>
          <ReasonField value={reason} />
          <p class="effect">{effect}</p>
          <Progress progress={progress} of={items.length} />
        </>
      ),
      run: () => each({ word, items, one: (item) => run(item, reason.value), chosen, progress }),
    };
  };
  return (
    <Bar chosen={chosen}>
      <button type="button" class="small" data-test={test} onClick={ask}>
        {word}
      </button>
    </Bar>
  );
}
