/** The first screen: current figures, each compared with yesterday, the health of all parts, and waiting work. */
import { useEffect } from 'preact/hooks';
import { number } from '../shared/format';
import { DoneIcon, RoomsIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Empty, Notice, Pill, Skeleton, type Tone } from '../shared/parts';
import { byMembers, columnsOfRooms } from './board';
import { useDetail, useEvery } from './list';
import { noteReports } from './open-reports';
import { changeText } from './period';
import { reportColumns } from './report-table';
import { CallbackPill, CallbackSentence } from './review/callback-state';
import { every } from './rhythm';
import { href } from './route';
import { Part, Screen } from './screen';
import { Sparkline } from './sparkline';
import { Refresh, Table } from './table';
import type { Overview as Data, LiveRoom, Page, Report, ReviewSettings, Statistics } from './types';

const t = translator({
  title: ['Overview', '概览'],
  rooms: ['Live rooms', '直播中房间数'],
  viewers: ['Members in rooms', '直播间总人数'],
  online: ['Users online', '在线用户数'],
  openReports: ['Open reports', '待处理举报'],
  yesterday: ['{1} yesterday at this time', '昨日同时段 {1}'],
  newToday: ['{1} new in 24 h, {2} the day before', '24 小时新增 {1}，前一日 {2}'],
  noYesterday: ['No data for yesterday.', '昨日无数据'],
  health: ['Health', '运行状态'],
  database: ['Database', '数据库'],
  im: ['IM', 'IM'],
  trtc: ['TRTC', 'TRTC'],
  webhooks: ['Webhooks', '事件推送'],
  review: ['Review', '消息审核'],
  codes: ['Sign-in codes', '验证码'],
  ok: ['Healthy', '正常'],
  failed: ['Failing', '异常'],
  waiting: ['Delayed', '积压'],
  off: ['Off', '未开启'],
  busiest: ['Busiest rooms', '在线人数最多的直播间'],
  all: ['Show all', '查看全部'],
  latest: ['Reports waiting', '待处理的举报'],
  noRooms: ['No live rooms.', '当前没有直播'],
  noRoomsHint: ['A room appears here within seconds after its host goes live.', '主播开播后几秒内会显示在这里。'],
  noReports: ['No open reports.', '暂无待处理的举报'],
  loading: ['Loading …', '加载中…'],
});

const GAUGES = ['rooms', 'viewers', 'online'] as const;
const HOUR_MS = 3_600_000;
const utcText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

interface TileProps {
  name: 'rooms' | 'viewers' | 'online' | 'openReports';
  to: string;
  /** null = not known. */
  now: number | null;
  change: string;
  note: string;
  values?: readonly (number | null)[] | undefined;
}

function Tile({ name, to, now, change, note, values }: TileProps) {
  return (
    <a class="figure" href={to} data-test={`figure-${name}`}>
      <span class="figure-name">{t(name)}</span>
      <span class="figure-row">
        <b class={name === 'openReports' && now !== null && now > 0 ? 'number bad-text' : 'number'}>
          {now === null ? '–' : number(now)}
        </b>
        {change && <span class="number soft">{change}</span>}
      </span>
      <span class="soft figure-note">{note}</span>
      {values && <Sparkline values={values} />}
    </a>
  );
}

function Figures({ data, day }: { data: Data; day: Statistics | undefined }) {
  const { now, yesterday, reports } = data;
  const targets = { rooms: href('rooms'), viewers: href('rooms'), online: href('users') };
  return (
    <div class="figures">
      {GAUGES.map((name) => {
        const before = yesterday[name];
        const current = now[name];
        return (
          <Tile
            key={name}
            name={name}
            to={targets[name]}
            now={current}
            change={before === null || current === null ? '' : changeText(current, before)}
            note={before === null ? t('noYesterday') : t('yesterday', number(before))}
            values={day?.series[name]}
          />
        );
      })}
      <Tile
        name="openReports"
        to={href('reports')}
        now={now.openReports}
        change=""
        note={t('newToday', number(reports.today), number(reports.yesterday))}
      />
    </div>
  );
}

type Health = Data['health'][keyof Data['health']];
const TONES: Readonly<Record<Health['state'], Tone>> = { ok: 'ok', failed: 'bad', waiting: 'warn', off: 'quiet' };
const HEALTH = ['database', 'im', 'trtc', 'webhooks', 'codes'] as const;

function HealthList({ health, review }: { health: Data['health']; review: ReviewSettings | undefined }) {
  return (
    <ul class="health" data-test="health">
      {HEALTH.map((name) => {
        const { state, detail } = health[name];
        return (
          <li key={name}>
            <b>{t(name)}</b>
            <Pill tone={TONES[state]} test={`health-${name}`}>
              {t(state)}
            </Pill>
            <span class="soft" lang="en">
              {detail}
            </span>
          </li>
        );
      })}
      {review && (
        <li>
          <b>
            <a href={href('review')}>{t('review')}</a>
          </b>
          <CallbackPill settings={review} />
          <span class="soft">
            <CallbackSentence settings={review} />
          </span>
        </li>
      )}
    </ul>
  );
}

export function Overview() {
  const overview = useDetail<Data>('overview', {});
  const rooms = useDetail<Page<LiveRoom>>('rooms', { orderBy: 'viewers', limit: 5 });
  const reports = useDetail<Page<Report>>('reports', { state: 'open', limit: 5 });
  const review = useDetail<ReviewSettings>('review_settings', {});
  const hour = Math.floor(Date.now() / HOUR_MS);
  const day = useDetail<Statistics>('statistics', {
    fromUtc: utcText((hour - 24) * HOUR_MS),
    toUtc: utcText((hour + 1) * HOUR_MS),
    step: '1h',
    series: GAUGES,
  });
  const refresh = () => {
    for (const one of [overview, rooms, reports, review]) one.refresh();
  };
  useEvery(Number(every.value), refresh);
  const { data, message, at } = overview;
  useEffect(() => {
    if (data) noteReports(data.now.openReports);
  }, [data]);
  return (
    <Screen title={t('title')} tools={<Refresh at={at} refresh={refresh} bySelf />}>
      <Notice message={message} />
      {data ? <Figures data={data} day={day.data} /> : !message && <Skeleton rows={3} word={t('loading')} />}
      {data && (
        <Part title={t('health')}>
          <HealthList health={data.health} review={review.data} />
        </Part>
      )}
      <div class="halves">
        <Part title={t('busiest')} tools={<a href={href('rooms')}>{t('all')}</a>}>
          {rooms.data && (
            <Table
              label={t('busiest')}
              items={byMembers(rooms.data.items)}
              columns={columnsOfRooms(refresh, false).filter(({ wide }) => !wide)}
              keyOf={({ roomId }) => roomId}
              empty={<Empty icon={<RoomsIcon />} title={t('noRooms')} hint={t('noRoomsHint')} />}
            />
          )}
        </Part>
        <Part title={t('latest')} tools={<a href={href('reports')}>{t('all')}</a>}>
          {reports.data && (
            <Table
              label={t('latest')}
              items={reports.data.items}
              columns={reportColumns(refresh).filter(({ wide }) => !wide)}
              keyOf={({ reportId }) => reportId}
              empty={<Empty icon={<DoneIcon />} title={t('noReports')} />}
            />
          )}
        </Part>
      </div>
    </Screen>
  );
}
