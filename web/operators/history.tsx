/** What is over: finished broadcasts, and who did what. Both can be taken away as CSV. */
import { useSignal } from '@preact/signals';
import { number } from '../shared/format';
import { say, type Text, translator } from '../shared/language';
import { Field, type Message, Notice, Time, UserText } from '../shared/parts';
import { download, type Params, toMessage } from './api';
import { RoomLink, UserLink } from './links';
import { useList } from './list';
import { ListScreen } from './list-screen';
import type { Column } from './table';
import type { AuditEntry, Broadcast } from './types';

const t = translator({
  broadcasts: ['Finished broadcasts', '历史直播'],
  audit: ['Audit', '审计'],
  csv: ['Download CSV', '下载 CSV'],
  user: ['User id', '用户 ID'],
  owner: ['Owner id', '房主 ID'],
  room: ['Room', '房间'],
  roomId: ['Room id', '房间 ID'],
  operator: ['Operator', '操作者'],
  action: ['Action', '操作'],
  from: ['From (UTC)', '起始日期 (UTC)'],
  to: ['To (UTC)', '结束日期 (UTC)'],
  category: ['Category', '分类'],
  who: ['Owner', '房主'],
  start: ['Start', '开始'],
  end: ['End', '结束'],
  endedBy: ['Ended by', '结束方式'],
  peak: ['Peak', '峰值'],
  joined: ['In all', '累计人数'],
  at: ['When', '时间'],
  reason: ['Reason', '原因'],
  whom: ['User', '用户'],
  change: ['Before → after', '变更'],
  address: ['Address', '地址'],
});

const ENDED_BY: Readonly<Record<string, Text>> = {
  owner: ['the owner', '房主'],
  operator: ['an operator', '运营'],
  absence: ['absence', '超时'],
  account: ['account deleted', '账号删除'],
  im: ['IM', 'IM'],
};

function Csv({ name, params }: { name: string; params: Params }) {
  const message = useSignal<Message | undefined>(undefined);
  const save = () =>
    download(name, { ...params, format: 'csv' }, `${name}.csv`).catch((error: unknown) => {
      message.value = toMessage(error);
    });
  return (
    <>
      <button type="button" data-test="csv" onClick={() => void save()}>
        {t('csv')}
      </button>
      <Notice message={message.value} />
    </>
  );
}

const startOf = (day: string) => (day ? `${day} 00:00:00` : '');
/** The day that is chosen is part of it: up to the beginning of the next one. */
function endOf(day: string): string {
  const next = Date.parse(`${day}T00:00:00Z`) + 86_400_000;
  return Number.isFinite(next) ? `${new Date(next).toISOString().slice(0, 10)} 00:00:00` : '';
}

const broadcastColumns = (): readonly Column<Broadcast>[] => [
  { head: t('room'), cell: ({ roomId, title }) => <RoomLink roomId={roomId} title={title} /> },
  { head: t('who'), cell: ({ ownBy }) => <UserLink userId={ownBy} /> },
  { head: t('category'), cell: ({ category }) => <UserText text={category || '–'} /> },
  { head: t('start'), cell: ({ startUtc }) => <Time text={startUtc} /> },
  { head: t('end'), cell: ({ endUtc }) => <Time text={endUtc} /> },
  {
    head: t('endedBy'),
    cell: ({ endedBy, reason }) => (
      <>
        {say(ENDED_BY[endedBy] ?? [endedBy, endedBy])} <UserText text={reason} class="soft" />
      </>
    ),
  },
  { head: t('peak'), number: true, cell: ({ peak }) => number(peak) },
  { head: t('joined'), number: true, cell: ({ joined }) => number(joined) },
];

export function Broadcasts() {
  const ownBy = useSignal('');
  const roomId = useSignal('');
  const from = useSignal('');
  const to = useSignal('');
  const params = {
    ownBy: ownBy.value.trim(),
    roomId: roomId.value.trim(),
    fromUtc: startOf(from.value),
    toUtc: endOf(to.value),
  };
  const list = useList<Broadcast>('broadcasts', params);
  return (
    <ListScreen
      title={t('broadcasts')}
      list={list}
      columns={broadcastColumns()}
      keyOf={({ roomId: room, broadcastNo }) => `${room} ${broadcastNo}`}
    >
      <search class="filters">
        <Field label={t('owner')} name="ownBy" value={ownBy} />
        <Field label={t('roomId')} name="roomId" value={roomId} />
        <Field label={t('from')} name="from" type="date" value={from} />
        <Field label={t('to')} name="to" type="date" value={to} />
        <Csv name="broadcasts" params={params} />
      </search>
    </ListScreen>
  );
}

const auditColumns = (): readonly Column<AuditEntry>[] => [
  { head: t('at'), cell: ({ atUtc }) => <Time text={atUtc} /> },
  { head: t('operator'), cell: ({ operator }) => <UserText text={operator} /> },
  { head: t('action'), cell: ({ action }) => <code>{action}</code> },
  { head: t('room'), cell: ({ roomId }) => <RoomLink roomId={roomId} /> },
  { head: t('whom'), cell: ({ userId }) => <UserLink userId={userId} /> },
  { head: t('reason'), cell: ({ reason }) => <UserText text={reason || '–'} /> },
  {
    head: t('change'),
    cell: ({ before, after }) => <code class="change">{before || after ? `${before} → ${after}` : '–'}</code>,
  },
  { head: t('address'), cell: ({ address }) => <UserText text={address || '–'} /> },
];

export function Audit() {
  const operator = useSignal('');
  const action = useSignal('');
  const userId = useSignal('');
  const roomId = useSignal('');
  const from = useSignal('');
  const to = useSignal('');
  const params = {
    operator: operator.value.trim(),
    action: action.value.trim(),
    userId: userId.value.trim(),
    roomId: roomId.value.trim(),
    fromUtc: startOf(from.value),
    toUtc: endOf(to.value),
  };
  const list = useList<AuditEntry>('audit', params);
  return (
    <ListScreen title={t('audit')} list={list} columns={auditColumns()} keyOf={({ auditId }) => auditId}>
      <search class="filters">
        <Field label={t('operator')} name="operator" value={operator} />
        <Field label={t('action')} name="action" value={action} placeholder="ban_user" />
        <Field label={t('user')} name="userId" value={userId} />
        <Field label={t('roomId')} name="roomId" value={roomId} />
        <Field label={t('from')} name="from" type="date" value={from} />
        <Field label={t('to')} name="to" type="date" value={to} />
        <Csv name="audit" params={params} />
      </search>
    </ListScreen>
  );
}
