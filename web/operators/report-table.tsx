/** Viewers' reports, wherever they are shown, with closing them and doing something about them. */
import { signal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, Select, Time, UserText } from '../shared/parts';
import { call, may } from './api';
import { question } from './dialog';
import { RoomLink, UserLink } from './links';
import { doneText, MeasureForm } from './measure-form';
import { MEASURES, type Measure, measureText, newInput, paramsOf, type Target, usualDuration } from './measures';
import { type Column, Table } from './table';
import type { Report } from './types';

const t = translator({
  reports: ['Reports', '举报'],
  at: ['When', '时间'],
  room: ['Room', '房间'],
  about: ['About', '被举报人'],
  by: ['By', '举报人'],
  why: ['Why', '原因'],
  state: ['State', '状态'],
  open: ['open', '待处理'],
  dismissed: ['dismissed', '已驳回'],
  upheld: ['upheld', '已成立'],
  doneBy: ['{1} by {2}', '{1}（{2}）'],
  action: ['Measures', '处理'],
  resolve: ['Resolve', '处理'],
  resolveOne: ['Resolve report {1}', '处理举报 {1}'],
  verdict: ['Verdict', '结论'],
  reason: ['Reason', '原因'],
  measure: ['And', '同时'],
  nothing: ['do nothing else', '不做其他处理'],
  effect: ['The report is closed as {1}. {2}', '举报以“{1}”关闭。{2}'],
  none: ['No reports.', '没有举报。'],
});

type Choice = Measure | 'nothing';

/** What fits the report: without a person, only what concerns the room. */
function measuresFor({ targetUserId }: Report): readonly Choice[] {
  return ['nothing', ...MEASURES.filter((measure) => targetUserId !== '' || measure.endsWith('_room'))];
}

function askResolve(report: Report, after: () => void): void {
  const verdict = signal<'dismissed' | 'upheld'>('upheld');
  const measure = signal<Choice>('nothing');
  const input = newInput();
  const target: Target = { roomId: report.roomId, userId: report.targetUserId };
  const body = () => (
    <>
      <blockquote>
        <UserText text={`${report.reason}${report.description ? `: ${report.description}` : ''}`} />
      </blockquote>
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
        <Field label={t('reason')} name="reason" value={input.reason} required />
      )}
      {verdict.value === 'upheld' && measure.value !== 'nothing' && (
        <MeasureForm key={measure.value} measure={measure.value} target={target} input={input} />
      )}
      <p class="effect">{t('effect', t(verdict.value), '')}</p>
    </>
  );
  measure.subscribe((chosen) => {
    if (chosen !== 'nothing') input.seconds.value = usualDuration(chosen);
  });
  question.value = {
    title: t('resolveOne', report.reportId),
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

export function reportColumns(refresh: () => void): readonly Column<Report>[] {
  const all: readonly Column<Report>[] = [
    { head: t('at'), cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('room'), cell: ({ roomId }) => <RoomLink roomId={roomId} /> },
    { head: t('about'), cell: ({ targetUserId }) => <UserLink userId={targetUserId} /> },
    { head: t('by'), cell: ({ byUserId }) => <UserLink userId={byUserId} /> },
    {
      head: t('why'),
      cell: ({ reason, description }) => (
        <>
          <b>
            <UserText text={reason} />
          </b>{' '}
          <UserText text={description} />
        </>
      ),
    },
    {
      head: t('state'),
      cell: ({ verdict, resolvedBy }) => (verdict ? t('doneBy', t(verdict), resolvedBy) : t('open')),
    },
  ];
  if (!may('moderate')) return all;
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

export function ReportTable({ items, refresh }: { items: readonly Report[]; refresh: () => void }) {
  return (
    <Table
      label={t('reports')}
      items={items}
      columns={reportColumns(refresh)}
      keyOf={({ reportId }) => reportId}
      empty={t('none')}
    />
  );
}
