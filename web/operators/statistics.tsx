/** Rooms, people in them, people online and sign-ups, over an hour, a day and 30 days. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { utc } from '../shared/format';
import { translator } from '../shared/language';
import { Notice } from '../shared/parts';
import { useDetail } from './list';
import { Plot } from './plot';
import { Screen } from './screen';
import { Refresh } from './table';
import { SERIES, type SeriesName, type Statistics } from './types';

const t = translator({
  title: ['Statistics', '统计'],
  range: ['Range', '时间范围'],
  hour: ['An hour', '一小时'],
  day: ['A day', '一天'],
  month: ['30 days', '30 天'],
  rooms: ['Rooms on the air', '直播间'],
  viewers: ['People in rooms', '房间人数'],
  online: ['People online', '在线人数'],
  signUps: ['Sign-ups', '注册人数'],
  now: ['now', '当前'],
  peak: ['Peak', '峰值'],
  unknown: ['not known', '无数据'],
});

const RANGES = {
  hour: { seconds: 3_600, step: '1m' },
  day: { seconds: 86_400, step: '1m' },
  month: { seconds: 30 * 86_400, step: '1h' },
} as const;
type Range = keyof typeof RANGES;
const NAMES: readonly Range[] = ['hour', 'day', 'month'];

const utcText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

function One({ name, data }: { name: SeriesName; data: Statistics }) {
  const times = useMemo(() => data.atUtc.map((text) => utc(text) / 1_000), [data]);
  const peak = data.peaks[name];
  return (
    <Plot
      name={t(name)}
      times={times}
      values={data.series[name] ?? []}
      peak={peak ? { value: peak.value, at: utc(peak.atUtc) } : undefined}
      words={{ now: t('now'), peak: t('peak'), unknown: t('unknown') }}
    />
  );
}

export function StatisticsScreen() {
  const range = useSignal<Range>('hour');
  const asked = useSignal(Date.now());
  const { seconds, step } = RANGES[range.value];
  const { data, at, message } = useDetail<Statistics>('statistics', {
    fromUtc: utcText(asked.value - seconds * 1_000),
    toUtc: utcText(asked.value),
    step,
    series: SERIES,
  });
  const refresh = () => {
    asked.value = Date.now();
  };
  return (
    <Screen title={t('title')} tools={<Refresh at={at} refresh={refresh} />}>
      <fieldset class="range">
        <legend class="offscreen">{t('range')}</legend>
        {NAMES.map((name) => (
          <label key={name} class={range.value === name ? 'on' : undefined}>
            <input
              type="radio"
              name="range"
              data-test={name}
              checked={range.value === name}
              onChange={() => {
                range.value = name;
                refresh();
              }}
            />
            {t(name)}
          </label>
        ))}
      </fieldset>
      <Notice message={message} />
      {data && (
        <div class="plots">
          {SERIES.map((name) => (
            <One key={name} name={name} data={data} />
          ))}
        </div>
      )}
    </Screen>
  );
}
