/** The form of an action, with its effect in words; and asking for one. */
import { translator } from '../shared/language';
import { Check, Field, Select } from '../shared/parts';
import { call, me } from './api';
import { type Done, question } from './dialog';
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
import { ReasonField } from './reasons';
import { UNDO_MS, UndoButton } from './undo';

const t = translator({
  text: ['Text', '内容'],
  seconds: ['How long', '时长'],
  banOwner: ['Also ban the host', '同时封禁主播'],
  withAddress: ['Also ban their last IP address', '同时封禁最近使用的 IP'],
  everywhere: ['In all rooms', '所有直播间'],
  done: ['Done: {1}.', '已完成：{1}。'],
  pending: ['Pending in {1}; retried automatically for up to 24 hours.', '{1} 尚未完成，系统会在 24 小时内自动重试。'],
  recorded: ['Recorded: {1}. IM is off, so no user was notified.', '已记录：{1}。IM 未开启，没有人收到通知。'],
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
  if (name === 'reason') return <ReasonField value={input.reason} />;
  return <Field label={t(name)} name={name} value={input[name]} required />;
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

/** The message after a call that leaves work to IM and TRTC. */
export function doneText(what: string, data: unknown): string {
  const { pending } = Object(data);
  const later =
    Array.isArray(pending) && pending.length > 0 ? ` ${t('pending', pending.join(', ').toUpperCase())}` : '';
  return `${t('done', what)}${later}`;
}

/** The target as it is now: what reaches people depends on IM. */
export function withReach(target: Target): Target {
  return { ...target, imOff: me.value?.im === false };
}

const TELLS: ReadonlySet<Measure> = new Set(['warn_room', 'mute_user']);

/** Makes the call; returns the message, with a button to lift the sanction. */
async function perform(measure: Measure, params: Record<string, unknown>, after: () => void): Promise<string | Done> {
  const data = await call<unknown>(measure, params);
  const what = measureText(measure);
  const text = TELLS.has(measure) && me.peek()?.im === false ? t('recorded', what) : doneText(what, data);
  const { sanctionId } = Object(data);
  if (typeof sanctionId !== 'string') return text;
  return { text, forMs: UNDO_MS, after: <UndoButton sanctionId={sanctionId} what={what} after={after} /> };
}

const nameOf = ({ userName, userId, roomTitle, roomId }: Target) => userName || userId || roomTitle || roomId || '';

function askMeasure(measure: Measure, target: Target, after: () => void): void {
  const input = newInput();
  input.seconds.value = usualDuration(measure);
  question.value = {
    title: `${measureText(measure)}: ${nameOf(target)}`,
    word: measureText(measure),
    danger: measure !== 'warn_room',
    body: () => <MeasureForm measure={measure} target={withReach(target)} input={input} />,
    run: () => perform(measure, paramsOf(measure, target, input), after),
    after,
  };
}

interface ButtonProps {
  measure: Measure;
  target: Target;
  after: () => void;
  /** Style in a row of a list: without a border until the row has focus or pointer. */
  quiet?: boolean;
}

export function MeasureButton({ measure, target, after, quiet }: ButtonProps) {
  const danger = measure === 'end_room' || measure === 'ban_user';
  return (
    <button
      type="button"
      class={`${quiet ? 'quiet ' : ''}small${danger ? ' danger' : ''}`}
      data-test={measure}
      aria-label={`${measureText(measure)}: ${nameOf(target)}`}
      onClick={() => askMeasure(measure, target, after)}
    >
      {measureText(measure)}
    </button>
  );
}

/** A plain reason: lifting a sanction, signing a user out. */
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
        <ReasonField value={reason} />
        <p class="effect" data-test="effect">
          {effect}
        </p>
      </>
    ),
    run: async () => doneText(word, await call(asked.call, { ...asked.params, reason: reason.value })),
  };
}
