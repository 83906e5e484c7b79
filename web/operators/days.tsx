/** A range of days by the reader's calendar, and the file with all of a list. */
import { type Signal, useSignal } from '@preact/signals';
import { zone } from '../shared/format';
import { OutIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Field, type Message } from '../shared/parts';
import { download, type Params, toMessage } from './api';
import { outcome } from './dialog';

const t = translator({
  from: ['From', '开始日期'],
  to: ['To', '结束日期'],
  zone: ['Days in {1}', '日期按 {1}'],
  calendar: ['calendar', '日历'],
  csv: ['Download CSV', '下载 CSV'],
});

const DAY_MS = 86_400_000;
const utcText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** Start of the day by the reader's clock, as a UTC text; '' for none, and while one is being typed. */
export function startOfDay(day: string): string {
  const at = isDay(day) ? new Date(`${day}T00:00:00`).getTime() : Number.NaN;
  return Number.isFinite(at) ? utcText(at) : '';
}

/** When the day after begins: the day that is chosen is part of the range. Days with a change of clocks are not 24 h long. */
export function endOfDay(day: string): string {
  const noon = isDay(day) ? new Date(`${day}T12:00:00`).getTime() : Number.NaN;
  if (!Number.isFinite(noon)) return '';
  const next = new Date(noon + DAY_MS);
  next.setHours(0, 0, 0, 0);
  return utcText(next.getTime());
}

/** Typed or picked, in the one format of these pages: the browser's own field shows that of its language. */
function DayField({ label, name, value }: { label: string; name: string; value: Signal<string> }) {
  return (
    <div class="day">
      <Field label={label} name={name} value={value} placeholder="YYYY-MM-DD">
        <input
          type="date"
          class="picker"
          aria-label={`${label}: ${t('calendar')}`}
          value={value}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
        />
      </Field>
    </div>
  );
}

export function DayFields({ from, to }: { from: Signal<string>; to: Signal<string> }) {
  return (
    <>
      <DayField label={t('from')} name="from" value={from} />
      <DayField label={t('to')} name="to" value={to} />
      <span class="soft zone" data-test="zone">
        {t('zone', zone())}
      </span>
    </>
  );
}

export function Csv({ name, params }: { name: string; params: Params }) {
  const busy = useSignal(false);
  const save = async () => {
    busy.value = true;
    let told: Message | undefined;
    await download(name, { ...params, format: 'csv' }, `${name}.csv`).catch((error: unknown) => {
      told = toMessage(error);
    });
    busy.value = false;
    outcome.value = told;
  };
  return (
    <button
      type="button"
      class="quiet"
      data-test="csv"
      aria-label={t('csv')}
      disabled={busy.value}
      onClick={() => void save()}
    >
      <OutIcon /> <span>{t('csv')}</span>
    </button>
  );
}
