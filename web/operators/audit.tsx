/** The audit log as sentences, with the change as it is stored folded below; also as CSV. */
import { AuditIcon } from '../shared/icons';
import { chinese, say, translator } from '../shared/language';
import { CopyId, Empty, ExactTime, Field, Select, UserText } from '../shared/parts';
import { ACTION_NAMES, type Part, sentenceOf } from './audit-sentence';
import { Csv, DayFields, endOfDay, startOfDay } from './days';
import { RoomLink, UserLink } from './links';
import { useList } from './list';
import { ListScreen } from './list-screen';
import { useParam } from './params';
import { Filters } from './screen';
import type { Column } from './table';
import type { AuditEntry } from './types';

const t = translator({
  title: ['Audit log', '操作日志'],
  user: ['User ID', '用户 ID'],
  roomId: ['Room ID', '房间 ID'],
  operator: ['Operator', '操作者'],
  action: ['Action', '操作'],
  all: ['All', '全部'],
  at: ['Time', '时间'],
  what: ['What happened', '内容'],
  details: ['Details', '详情'],
  more: ['Details', '详情'],
  address: ['IP address', 'IP 地址'],
  none: ['No entries yet.', '暂无操作记录'],
  noneHint: [
    'Every change by an operator, and every room the service ends, is recorded here.',
    '运营人员的每次操作，以及系统自动结束的直播，都会记录在这里。',
  ],
});

function One({ part }: { part: Part }) {
  if (part.kind === 'user') return <UserLink userId={part.id} name={part.name} />;
  if (part.kind === 'room') return <RoomLink roomId={part.id} title={part.name} />;
  if (part.kind === 'who') {
    return (
      <b>
        <UserText text={part.text} />
      </b>
    );
  }
  return <>{part.kind === 'text' ? part.text : ''}</>;
}

function Sentence({ entry }: { entry: AuditEntry }) {
  return (
    <>
      {sentenceOf(entry, chinese.value).map((part, index) => (
        // The parts of a sentence stay in their places.
        <One key={`${index}`} part={part} />
      ))}
      {entry.reason && (
        <>
          {chinese.value ? '：' : ': '}
          <UserText text={entry.reason} class="soft" />
        </>
      )}
    </>
  );
}

function Details({ entry: { action, before, after, requestId } }: { entry: AuditEntry }) {
  if (!before && !after) return <>–</>;
  return (
    <details>
      <summary>{t('more')}</summary>
      <code class="change">
        {action} {before}
        {before && after ? ' → ' : ''}
        {after} {requestId}
      </code>
    </details>
  );
}

const columns = (): readonly Column<AuditEntry>[] => [
  { head: t('at'), cell: ({ atUtc }) => <ExactTime text={atUtc} /> },
  { head: t('what'), grow: true, cell: (entry) => <Sentence entry={entry} /> },
  { head: t('address'), wide: true, cell: ({ address }) => (address ? <CopyId id={address} /> : '–') },
  { head: t('details'), wide: true, cell: (entry) => <Details entry={entry} /> },
];

export function Audit() {
  const operator = useParam('operator', '');
  const action = useParam('action', '');
  const userId = useParam('userId', '');
  const roomId = useParam('roomId', '');
  const from = useParam('from', '');
  const to = useParam('to', '');
  const params = {
    operator: operator.value.trim(),
    action: action.value,
    userId: userId.value.trim(),
    roomId: roomId.value.trim(),
    fromUtc: startOfDay(from.value),
    toUtc: endOfDay(to.value),
  };
  const list = useList<AuditEntry>('audit', { ...params, count: true });
  const used = [operator, action, userId, roomId, from, to].filter(({ value }) => value !== '').length;
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns()}
      keyOf={({ auditId }) => auditId}
      empty={used > 0 ? undefined : <Empty icon={<AuditIcon />} title={t('none')} hint={t('noneHint')} />}
      tools={<Csv name="audit" params={params} />}
    >
      <Filters used={used}>
        <Field label={t('operator')} name="operator" value={operator} />
        <Select
          label={t('action')}
          name="action"
          value={action}
          options={[
            ['', t('all')],
            ...Object.entries(ACTION_NAMES).map(([name, words]) => [name, say(words)] as const),
          ]}
        />
        <Field label={t('user')} name="userId" value={userId} />
        <Field label={t('roomId')} name="roomId" value={roomId} />
        <DayFields from={from} to={to} />
      </Filters>
    </ListScreen>
  );
}
