/** The form of a measure, with what it will do in words; and asking for one. */
import { translator } from '../shared/language';
import { Check, Field, Select } from '../shared/parts';
import { call } from './api';
import { question } from './dialog';
import { choices, SECONDS } from './duration';
import {
  durationsOf,
  effectOf,
  type FieldName,
  fieldsOf,
  type Input,
  type Measure,
  measureText,
  newInput,
  paramsOf,
  type Target,
  usualDuration,
} from './measures';

const t = translator({
  reason: ['Reason', '原因'],
  reasonHint: ['Shown to whom it concerns, and kept in the audit.', '会告知当事人，并写入审计。'],
  text: ['Text', '内容'],
  seconds: ['How long', '时长'],
  banOwner: ['Ban the owner too', '同时封禁房主'],
  withAddress: ['Also the address last seen', '同时封禁最近使用的地址'],
  everywhere: ['In all rooms', '所有房间'],
  done: ['Done: {1}.', '已完成：{1}。'],
  pending: ['Still to come, by itself: {1}.', '仍在后台执行：{1}。'],
});

interface FormProps {
  measure: Measure;
  target: Target;
  input: Input;
}

function One({ name, measure, input }: { name: FieldName; measure: Measure; input: Input }) {
  if (name === 'withAddress' || name === 'everywhere') {
    const value = input[name];
    const change = (checked: boolean) => {
      value.value = checked;
    };
    return <Check name={name} label={t(name)} checked={value.value} change={change} />;
  }
  if (name === 'seconds') {
    return <Select label={t(name)} name={name} value={input.seconds} options={choices(durationsOf(measure))} />;
  }
  if (name === 'banOwner') {
    return <Select label={t(name)} name={name} value={input.banOwner} options={choices(['none', ...SECONDS])} />;
  }
  const hint = name === 'reason' ? t('reasonHint') : undefined;
  return <Field label={t(name)} name={name} value={input[name]} hint={hint} required />;
}

export function MeasureForm({ measure, target, input }: FormProps) {
  return (
    <>
      {fieldsOf(measure, target).map((name) => (
        <One key={name} name={name} measure={measure} input={input} />
      ))}
      <p class="effect" data-test="effect" aria-live="polite">
        {effectOf(measure, target, input)}
      </p>
    </>
  );
}

/** What to tell after a call that leaves work to IM and TRTC. */
export function doneText(what: string, data: unknown): string {
  const { pending } = Object(data);
  const later =
    Array.isArray(pending) && pending.length > 0 ? ` ${t('pending', pending.join(', ').toUpperCase())}` : '';
  return `${t('done', what)}${later}`;
}

function askMeasure(measure: Measure, target: Target, after: () => void): void {
  const input = newInput();
  input.seconds.value = usualDuration(measure);
  const name = target.userName || target.userId || target.roomTitle || target.roomId || '';
  question.value = {
    title: `${measureText(measure)}: ${name}`,
    word: measureText(measure),
    danger: measure !== 'warn_room',
    body: () => <MeasureForm measure={measure} target={target} input={input} />,
    run: async () => doneText(measureText(measure), await call(measure, paramsOf(measure, target, input))),
    after,
  };
}

export function MeasureButton(props: { measure: Measure; target: Target; after: () => void }) {
  const { measure, target, after } = props;
  const name = target.userName || target.userId || target.roomTitle || target.roomId || '';
  return (
    <button
      type="button"
      class="small"
      data-test={measure}
      aria-label={`${measureText(measure)}: ${name}`}
      onClick={() => askMeasure(measure, target, after)}
    >
      {measureText(measure)}
    </button>
  );
}

/** A plain reason: lifting a sanction, signing somebody out. */
export function askReason(asked: {
  title: string;
  word: string;
  effect: string;
  call: string;
  params: Readonly<Record<string, unknown>>;
  after: () => void;
}): void {
  const { title, word, effect, after } = asked;
  const { reason } = newInput();
  question.value = {
    title,
    word,
    after,
    body: () => (
      <>
        <Field label={t('reason')} name="reason" value={reason} required />
        <p class="effect" data-test="effect">
          {effect}
        </p>
      </>
    ),
    run: async () => doneText(word, await call(asked.call, { ...asked.params, reason: reason.value })),
  };
}
