/** Appeals of sanctioned users, and the verdict about each. */
import { signal } from '@preact/signals';
import { AppealsIcon } from '../../shared/icons';
import { translator } from '../../shared/language';
import { Empty, Field, Pill, Select, Skeleton, Time, UserText } from '../../shared/parts';
import { call, may } from '../api';
import { question } from '../dialog';
import { KindPill, Until, UserLink, Where } from '../links';
import { useDetail, useList } from '../list';
import { ListScreen } from '../list-screen';
import { doneText } from '../measure-form';
import { useParam } from '../params';
import { ReasonField } from '../reasons';
import { panelHref } from '../route';
import { Filters } from '../screen';
import type { Column } from '../table';
import type { Appeal, Page, Sanction } from '../types';
import { countWaiting } from '../waiting';

const t = translator({
  title: ['Appeals', '申诉'],
  text: ['Appeal', '申诉内容'],
  who: ['User', '用户'],
  at: ['Time', '时间'],
  state: ['State', '状态'],
  open: ['Waiting', '待处理'],
  done: ['Resolved', '已处理'],
  upheld: ['Upheld', '维持处罚'],
  lifted: ['Lifted', '解除处罚'],
  by: ['by {1}', '{1}'],
  user: ['User ID', '用户 ID'],
  action: ['Actions', '操作'],
  resolve: ['Resolve', '处理'],
  resolveOne: ['Resolve appeal {1}', '处理申诉 {1}'],
  verdict: ['Decision', '处理结果'],
  sanction: ['Sanction', '处罚'],
  by2: ['imposed by {1}', '操作者：{1}'],
  over: ['The sanction is no longer in force.', '该处罚已不再生效。'],
  loading: ['Loading …', '加载中…'],
  upheldEffect: [
    'The sanction stays. The user reads this reason together with the sanction.',
    '处罚维持不变。用户在看到处罚提示时会看到该原因。',
  ],
  liftedEffect: ['Lifts the sanction now.', '立即解除处罚。'],
  none: ['No open appeals.', '暂无待处理的申诉'],
  noneHint: [
    'Sanctioned users appeal in your app (reports/appeal), also while they are banned.',
    '被处罚的用户可在客户端提交申诉，封禁期间也可以。',
  ],
});

function SanctionOf({ appeal }: { appeal: Appeal }) {
  const { data, message } = useDetail<Page<Sanction>>('sanctions', { userId: appeal.userId, limit: 200 });
  const found = data?.items.find(({ sanctionId }) => sanctionId === appeal.sanctionId);
  if (!data) return message ? null : <Skeleton rows={1} word={t('loading')} />;
  if (!found) return <p class="soft">{t('over')}</p>;
  return (
    <p data-test="sanction">
      <KindPill sanction={found} /> <Where sanction={found} /> · <Until sanction={found} /> ·{' '}
      <UserText text={found.reason} /> <span class="soft">{t('by2', found.by)}</span>
    </p>
  );
}

function askVerdict(appeal: Appeal, after: () => void): void {
  const verdict = signal<'upheld' | 'lifted'>('upheld');
  const reason = signal('');
  question.value = {
    title: t('resolveOne', appeal.appealId),
    word: t('resolve'),
    after,
    body: () => (
      <>
        <blockquote>
          <UserText text={appeal.text} />
        </blockquote>
        <SanctionOf appeal={appeal} />
        <Select
          label={t('verdict')}
          name="verdict"
          value={verdict}
          options={[
            ['upheld', t('upheld')],
            ['lifted', t('lifted')],
          ]}
        />
        <ReasonField value={reason} />
        <p class="effect" data-test="effect" aria-live="polite">
          {t(`${verdict.value}Effect`)}
        </p>
      </>
    ),
    run: async () => {
      const params = { appealId: appeal.appealId, verdict: verdict.value, reason: reason.value };
      return doneText(t('resolveOne', appeal.appealId), await call('resolve_appeal', params));
    },
  };
}

function State({ appeal: { verdict, resolvedBy, reason } }: { appeal: Appeal }) {
  if (!verdict) return <Pill tone="info">{t('open')}</Pill>;
  return (
    <>
      <Pill tone={verdict === 'upheld' ? 'bad' : 'ok'}>{t(verdict)}</Pill>{' '}
      <span class="soft" title={reason}>
        {t('by', resolvedBy)}
      </span>
    </>
  );
}

function columnsOf(refresh: () => void): readonly Column<Appeal>[] {
  const all: readonly Column<Appeal>[] = [
    {
      head: t('text'),
      grow: true,
      cell: ({ userId, text }) => (
        <a class="row-text" data-open="" href={panelHref('user', userId)}>
          <bdi class="user-text written">{text}</bdi>
        </a>
      ),
    },
    { head: t('who'), cell: ({ userId, name }) => <UserLink userId={userId} name={name} /> },
    { head: t('at'), cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('state'), cell: (appeal) => <State appeal={appeal} /> },
  ];
  if (!may('moderate')) return all;
  const resolve: Column<Appeal> = {
    head: t('action'),
    cell: (appeal) =>
      appeal.state === 'open' ? (
        <button
          type="button"
          class="small"
          data-test="resolve"
          aria-label={t('resolveOne', appeal.appealId)}
          onClick={() => askVerdict(appeal, refresh)}
        >
          {t('resolve')}
        </button>
      ) : null,
  };
  return [...all, resolve];
}

export function Appeals() {
  const state = useParam<'open' | 'done'>('state', 'open', ['open', 'done']);
  const userId = useParam('userId', '');
  const list = useList<Appeal>('appeals', { state: state.value, userId: userId.value.trim() });
  const refresh = () => {
    list.refresh();
    void countWaiting();
  };
  const used = Number(userId.value !== '') + Number(state.value !== 'open');
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columnsOf(refresh)}
      keyOf={({ appealId }) => appealId}
      bySelf
      empty={used > 0 ? undefined : <Empty icon={<AppealsIcon />} title={t('none')} hint={t('noneHint')} />}
    >
      <Filters used={used}>
        <Select
          label={t('state')}
          name="state"
          value={state}
          options={[
            ['open', t('open')],
            ['done', t('done')],
          ]}
        />
        <Field label={t('user')} name="userId" value={userId} />
      </Filters>
    </ListScreen>
  );
}
