/** Viewers' reports, on every screen that shows them, with resolving them and taking an action in the same step. */
import { signal } from '@preact/signals';
import { translator } from '../shared/language';
import { Empty, Pill, Select, Time, UserText } from '../shared/parts';
import { call, may } from './api';
import { question } from './dialog';
import { RoomLink, UserLink } from './links';
import { doneText, MeasureForm, withReach } from './measure-form';
import { MEASURES, type Measure, measureText, newInput, paramsOf, type Target, usualDuration } from './measures';
import { ReasonField } from './reasons';
import { reasonText } from './report-reasons';
import { panelHref } from './route';
import { type Column, Table } from './table';
import type { Report } from './types';

const t = translator({
  reports: ['Reports', '举报'],
  at: ['Time', '时间'],
  room: ['Room', '直播间'],
  about: ['Reported user', '被举报人'],
  by: ['Reported by', '举报人'],
  why: ['Reason', '原因'],
  state: ['State', '状态'],
  open: ['Waiting', '待处理'],
  dismissed: ['No violation', '不属实'],
  upheld: ['Violation', '属实'],
  doneBy: ['by {1}', '{1}'],
  action: ['Actions', '操作'],
  resolve: ['Resolve', '处理'],
  resolveOne: ['Resolve report {1}', '处理举报 {1}'],
  resolveWhom: ['Resolve report {1}: {2}', '处理举报 {1}：{2}'],
  verdict: ['Decision', '处理结果'],
  measure: ['Action', '处置措施'],
  nothing: ['No other action', '不处置'],
  effect: ['The report is resolved as “{1}”.', '举报将标记为“{1}”。'],
  none: ['No reports.', '暂无举报'],
});

type Choice = Measure | 'nothing';

/** What fits the report: without a person, only what concerns the room. */
function measuresFor({ targetUserId }: Report): readonly Choice[] {
  return ['nothing', ...MEASURES.filter((measure) => targetUserId !== '' || measure.endsWith('_room'))];
}

function Quote({ report: { reason, description } }: { report: Report }) {
  return (
    <blockquote>
      <b>
        <UserText text={reasonText(reason)} />
      </b>
      {description && (
        <>
          {' '}
          <UserText text={description} />
        </>
      )}
    </blockquote>
  );
}

function askResolve(report: Report, after: () => void): void {
  const verdict = signal<'dismissed' | 'upheld'>('upheld');
  const measure = signal<Choice>('nothing');
  const input = newInput();
  const { roomId, roomTitle, targetUserId, targetName } = report;
  const target: Target = { roomId, roomTitle, userId: targetUserId, userName: targetName };
  const body = () => (
    <>
      <Quote report={report} />
      <Select
        label={t('verdict')}
        name="verdict"
        value={verdict}
        options={[
          ['upheld', t('upheld')],
          ['dismissed', t('dismissed')],
        ]}
      />
      {verdict.value === 'upheld' && (
        <Select
          label={t('measure')}
          name="measure"
          value={measure}
          options={measuresFor(report).map(
            (one) => [one, one === 'nothing' ? t('nothing') : measureText(one)] as const,
          )}
        />
      )}
      {(measure.value === 'nothing' || measure.value === 'warn_room' || verdict.value === 'dismissed') && (
        <ReasonField value={input.reason} />
      )}
      {verdict.value === 'upheld' && measure.value !== 'nothing' && (
        <MeasureForm key={measure.value} measure={measure.value} target={withReach(target)} input={input} />
      )}
      <p class="soft">{t('effect', t(verdict.value))}</p>
    </>
  );
  measure.subscribe((chosen) => {
    if (chosen !== 'nothing') input.seconds.value = usualDuration(chosen);
  });
  question.value = {
    title: t('resolveWhom', report.reportId, targetName || targetUserId || roomTitle || roomId),
    word: t('resolve'),
    body,
    after,
    run: async () => {
      const chosen = verdict.value === 'upheld' ? measure.value : 'nothing';
      const reason = input.reason.value;
      const action = chosen === 'nothing' ? {} : { action: { [chosen]: paramsOf(chosen, target, input) } };
      const params = { reportId: report.reportId, verdict: verdict.value, reason, ...action };
      return doneText(t('resolveOne', report.reportId), await call('resolve_report', params));
    },
  };
}

function State({ report: { verdict, resolvedBy } }: { report: Report }) {
  if (!verdict) return <Pill tone="info">{t('open')}</Pill>;
  return (
    <>
      <Pill tone={verdict === 'upheld' ? 'bad' : 'quiet'}>{t(verdict)}</Pill>{' '}
      <span class="soft">{t('doneBy', resolvedBy)}</span>
    </>
  );
}

function About({ report: { targetUserId, targetName } }: { report: Report }) {
  if (!targetUserId) return <>–</>;
  return <UserLink userId={targetUserId} name={targetName} />;
}

export function reportColumns(refresh: () => void, acting = may('moderate')): readonly Column<Report>[] {
  const all: readonly Column<Report>[] = [
    {
      head: t('why'),
      grow: true,
      cell: ({ reason, description, roomId, targetUserId }) => (
        <>
          <a data-open="" href={roomId ? panelHref('room', roomId) : panelHref('user', targetUserId)}>
            <UserText text={reasonText(reason)} />
          </a>{' '}
          <span title={description}>
            <UserText text={description} class="soft" />
          </span>
        </>
      ),
    },
    { head: t('room'), wide: true, cell: ({ roomId, roomTitle }) => <RoomLink roomId={roomId} title={roomTitle} /> },
    { head: t('about'), cell: (report) => <About report={report} /> },
    { head: t('by'), wide: true, cell: ({ byUserId, byName }) => <UserLink userId={byUserId} name={byName} /> },
    { head: t('at'), cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('state'), wide: true, cell: (report) => <State report={report} /> },
  ];
  if (!acting) return all;
  const resolve: Column<Report> = {
    head: t('action'),
    cell: (report) =>
      report.state === 'open' ? (
        <button
          type="button"
          class="small"
          data-test="resolve"
          aria-label={t('resolveOne', report.reportId)}
          onClick={() => askResolve(report, refresh)}
        >
          {t('resolve')}
        </button>
      ) : null,
  };
  return [...all, resolve];
}

interface ReportTableProps {
  items: readonly Report[];
  refresh: () => void;
  /** What all of them are about, which is not repeated in each. */
  about: 'user' | 'room';
}

export function ReportTable({ items, refresh, about }: ReportTableProps) {
  const left = about === 'room' ? t('room') : '';
  return (
    <Table
      label={t('reports')}
      items={items}
      columns={reportColumns(refresh).filter(({ head }) => head !== left)}
      keyOf={({ reportId }) => reportId}
      empty={<Empty title={t('none')} />}
    />
  );
}
