/** Who is banned, muted or kept out; and the queue of reports. */
import { useSignal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, Select } from '../shared/parts';
import { kindText } from './links';
import { useList } from './list';
import { ListScreen } from './list-screen';
import { reportColumns } from './report-table';
import { sanctionColumns } from './sanction-table';
import type { Report, Sanction } from './types';

const t = translator({
  sanctions: ['Sanctions', '处罚'],
  reports: ['Reports', '举报'],
  kind: ['Kind', '类型'],
  all: ['all', '全部'],
  user: ['User id', '用户 ID'],
  room: ['Room id', '房间 ID'],
  state: ['State', '状态'],
  active: ['in force', '生效中'],
  over: ['over', '已结束'],
  open: ['open', '待处理'],
  done: ['done', '已处理'],
  noReports: ['No reports: nothing to do.', '没有举报。'],
});

const KINDS = ['ban', 'mute', 'kick'] as const;

export function Sanctions() {
  const kind = useSignal<'' | (typeof KINDS)[number]>('');
  const active = useSignal<'true' | 'false'>('true');
  const userId = useSignal('');
  const roomId = useSignal('');
  const list = useList<Sanction>('sanctions', {
    kind: kind.value,
    active: active.value === 'true',
    userId: userId.value.trim(),
    roomId: roomId.value.trim(),
  });
  return (
    <ListScreen
      title={t('sanctions')}
      list={list}
      columns={sanctionColumns(list.refresh)}
      keyOf={({ sanctionId }) => sanctionId}
    >
      <search class="filters">
        <Select
          label={t('kind')}
          name="kind"
          value={kind}
          options={[['', t('all')], ...KINDS.map((one) => [one, kindText(one)] as const)]}
        />
        <Select
          label={t('state')}
          name="active"
          value={active}
          options={[
            ['true', t('active')],
            ['false', t('over')],
          ]}
        />
        <Field label={t('user')} name="userId" value={userId} />
        <Field label={t('room')} name="roomId" value={roomId} />
      </search>
    </ListScreen>
  );
}

export function Reports() {
  const state = useSignal<'open' | 'done'>('open');
  const userId = useSignal('');
  const roomId = useSignal('');
  const list = useList<Report>('reports', {
    state: state.value,
    userId: userId.value.trim(),
    roomId: roomId.value.trim(),
  });
  return (
    <ListScreen
      title={t('reports')}
      list={list}
      columns={reportColumns(list.refresh)}
      keyOf={({ reportId }) => reportId}
      empty={state.value === 'open' && !userId.value && !roomId.value ? t('noReports') : undefined}
    >
      <search class="filters">
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
        <Field label={t('room')} name="roomId" value={roomId} />
      </search>
    </ListScreen>
  );
}
