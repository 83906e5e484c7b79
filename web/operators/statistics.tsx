/** Statistics over an hour, a day, 7 days, 30 days or chosen days, compared with the same time before. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { number, utc } from '../shared/format';
import { translator } from '../shared/language';
import { Check, Notice, Skeleton } from '../shared/parts';
import { DayFields, endOfDay, startOfDay } from './days';
import { useDetail } from './list';
import { useParam } from './params';
import { changeText, isTotal, summaryOf } from './period';
import { Plot } from './plot';
import { Screen } from './screen';
import { Refresh } from './table';
import { SERIES, type SeriesName, type Statistics } from './types';

const t = translator({
  title: ['Statistics', '统计'],
  range: ['Range', '时间范围'],
  hour: ['1 hour', '1 小时'],
  day: ['24 hours', '24 小时'],
  week: ['7 days', '7 天'],
  month: ['30 days', '30 天'],
  custom: ['Custom', '自定义'],
  compare: ['Compare with the period before', '与上一周期对比'],
  rooms: ['Live rooms', '直播中房间数'],
  viewers: ['Members in rooms', '直播间总人数'],
  online: ['Users online', '在线用户数'],
  signIns: ['Sign-ins', '登录次数'],
  signUps: ['Sign-ups', '新增注册'],
  entries: ['Joins', '进房次数'],
  peak: ['Peak {1}', '峰值 {1}'],
  total: ['Total {1}', '合计 {1}'],
  before: ['{1} before', '上一周期 {1}'],
  unknown: ['no data', '无数据'],
  loading: ['Loading …', '加载中…'],
  choose: ['Choose the first and the last day.', '请选择开始日期和结束日期。'],
});

const DAY = 86_400;
const RANGES = {
  hour: { seconds: 3_600, step: '1m' },
  day: { seconds: DAY, step: '1m' },
  week: { seconds: 7 * DAY, step: '1h' },
  month: { seconds: 30 * DAY, step: '1h' },
} as const;
const NAMES = ['hour', 'day', 'week', 'month', 'custom'] as const;
type Range = (typeof NAMES)[number];

const utcText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const MAX_HOURS = 1_500;

interface Period {
  from: number;
  to: number;
  step: '1m' | '1h' | '1d';
}

/** Up to two months are shown by the hour, more by the day. */
function periodOf(range: Range, now: number, days: { from: string; to: string }): Period | undefined {
  if (range !== 'custom') {
    const { seconds, step } = RANGES[range];
    return { from: now - seconds * 1_000, to: now, step };
  }
  const [from, to] = [utc(startOfDay(days.from)), utc(endOfDay(days.to))];
  if (!(from < to)) return undefined;
  return { from, to, step: (to - from) / 3_600_000 <= MAX_HOURS ? '1h' : '1d' };
}

const paramsOf = ({ from, to, step }: Period) => ({ fromUtc: utcText(from), toUtc: utcText(to), step, series: SERIES });

interface OneProps {
  name: SeriesName;
  data: Statistics;
  before: Statistics | undefined;
}

function One({ name, data, before }: OneProps) {
  const times = useMemo(() => data.atUtc.map((text) => utc(text) / 1_000), [data]);
  const values = data.series[name] ?? [];
  const earlier = before?.series[name];
  const now = summaryOf(name, values);
  const then = earlier && summaryOf(name, earlier);
  const peak = data.peaks[name];
  return (
    <Plot
      name={t(name)}
      times={times}
      values={values}
      earlier={earlier}
      summary={t(isTotal(name) ? 'total' : 'peak', isTotal(name) ? number(now) : number(peak?.value ?? now))}
      peakAt={!isTotal(name) && peak ? utc(peak.atUtc) : undefined}
      change={then === undefined ? undefined : { text: changeText(now, then), title: t('before', number(then)) }}
      words={{ unknown: t('unknown') }}
    />
  );
}

function Plots({ period, compare }: { period: Period; compare: boolean }) {
  const { data, message } = useDetail<Statistics>('statistics', paramsOf(period));
  const length = period.to - period.from;
  const earlier = { ...period, from: period.from - length, to: period.from };
  const { data: before } = useDetail<Statistics>('statistics', paramsOf(earlier));
  return (
    <>
      <Notice message={message} />
      {!data && !message && <Skeleton rows={8} word={t('loading')} />}
      {data && (
        <div class="plots">
          {SERIES.map((name) => (
            <One key={name} name={name} data={data} before={compare ? before : undefined} />
          ))}
        </div>
      )}
    </>
  );
}

export function StatisticsScreen() {
  const range = useParam<Range>('range', 'day', NAMES);
  const from = useParam('from', '');
  const to = useParam('to', '');
  const compare = useParam<'' | 'off'>('compare', '', ['', 'off']);
  const asked = useSignal(Date.now());
  const refresh = () => {
    asked.value = Date.now();
  };
  const period = periodOf(range.value, asked.value, { from: from.value, to: to.value });
  return (
    <Screen title={t('title')} tools={<Refresh at={asked.value} refresh={refresh} />}>
      <div class="filters">
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
        {range.value === 'custom' && <DayFields from={from} to={to} />}
        <Check
          name="compare"
          label={t('compare')}
          checked={compare.value === ''}
          change={(on) => {
            compare.value = on ? '' : 'off';
          }}
        />
      </div>
      {period ? <Plots period={period} compare={compare.value === ''} /> : <p class="empty">{t('choose')}</p>}
    </Screen>
  );
}
