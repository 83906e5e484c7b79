/** The chat log of a room or a user, with refused messages; recalling a message. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ChatIcon } from '../../shared/icons';
import { translator } from '../../shared/language';
import { CopyId, Empty, ExactTime, Field, Pill, type Tone } from '../../shared/parts';
import { may } from '../api';
import { Csv, DayFields, endOfDay, startOfDay } from '../days';
import { RoomLink, UserLink } from '../links';
import { useDetail, useList } from '../list';
import { ListScreen } from '../list-screen';
import { askReason } from '../measure-form';
import { useParam } from '../params';
import { panelHref, setParams } from '../route';
import { Screen } from '../screen';
import type { Column } from '../table';
import type { ChatMessage, ReviewSettings } from '../types';
import { CallbackAdvice } from './callback-state';

const t = translator({
  title: ['Chat', '聊天记录'],
  note: [
    'Chat texts are personal data: each search and export is recorded in the audit log. Kept for {1} days.',
    '聊天内容属于个人信息，每次查询和导出都会记入操作日志。保留 {1} 天。',
  ],
  room: ['Room', '直播间'],
  roomId: ['Room ID', '房间 ID'],
  user: ['User ID', '用户 ID'],
  show: ['Show', '查询'],
  text: ['Text', '内容'],
  author: ['Author', '发送者'],
  at: ['Time', '时间'],
  outcome: ['Result', '结果'],
  address: ['IP address', 'IP 地址'],
  action: ['Actions', '操作'],
  passed: ['Sent', '已发出'],
  masked: ['Masked', '已替换'],
  refused: ['Refused', '已拒绝'],
  silent: ['Silent', '仅自己可见'],
  held: ['Held', '待审核'],
  recalled: ['Recalled', '已撤回'],
  recall: ['Recall', '撤回'],
  recallOne: ['Recall: {1}', '撤回：{1}'],
  recallEffect: [
    'Removes the message from the chat of every viewer whose app has a recent IM SDK. The author sees the reason.',
    '从所有观众的聊天中移除该消息（需要较新的 IM SDK）。发送者会看到原因。',
  ],
  choose: ['Enter a room ID or a user ID.', '请输入房间 ID 或用户 ID'],
  chooseHint: [
    'Or open a room or a user and press “Chat” there.',
    '也可以打开直播间或用户详情，点击其中的“聊天记录”。',
  ],
  none: ['No messages.', '暂无聊天记录'],
  noneHint: [
    'Messages appear here while review is on, within a second after they are written.',
    '审核开启后，消息发出一秒内会显示在这里。',
  ],
  noneInRange: ['Nothing was written in these days.', '这段时间内没有聊天记录。'],
});

const TONES: Readonly<Record<ChatMessage['outcome'], Tone>> = {
  passed: 'quiet',
  masked: 'violet',
  refused: 'bad',
  silent: 'info',
  held: 'warn',
  recalled: 'warn',
};

/** What IM answers a sender with, by its code: why a message did not go out. */
const WHY = translator({
  '10100': ['word or vendor', '违禁词或第三方审核'],
  '10101': ['slow mode', '慢速模式'],
  '10102': ['speaking is limited', '限制发言'],
  '10104': ['muted, kicked or banned', '已禁言、踢出或封禁'],
  '10105': ['repeated', '重复消息'],
  '10106': ['link', '链接'],
  '10110': ['review not available', '审核不可用'],
});
const CODES = ['10100', '10101', '10102', '10104', '10105', '10106', '10110'] as const;

function Outcome({ message: { outcome, code } }: { message: ChatMessage }) {
  const why = CODES.find((one) => one === String(code));
  return (
    <>
      <Pill tone={TONES[outcome]}>{t(outcome)}</Pill> {why && <span class="soft">{WHY(why)}</span>}
    </>
  );
}

function askRecall({ messageId, text }: ChatMessage, after: () => void): void {
  askReason({
    title: t('recallOne', text.slice(0, 60)),
    word: t('recall'),
    effect: t('recallEffect'),
    call: 'recall_message',
    params: { messageId },
    after,
  });
}

function columnsOf(refresh: () => void, inRoom: boolean): readonly Column<ChatMessage>[] {
  const all: readonly Column<ChatMessage>[] = [
    { head: t('at'), cell: ({ atUtc }) => <ExactTime text={atUtc} /> },
    {
      head: t('text'),
      grow: true,
      cell: ({ userId, text }) => (
        <a class="row-text" data-open="" href={panelHref('user', userId)}>
          <bdi class="user-text written">{text}</bdi>
        </a>
      ),
    },
    { head: t('author'), cell: ({ userId, name }) => <UserLink userId={userId} name={name} /> },
    { head: t('outcome'), cell: (message) => <Outcome message={message} /> },
    { head: t('address'), wide: true, cell: ({ address }) => (address ? <CopyId id={address} /> : '–') },
  ];
  const place: Column<ChatMessage> = {
    head: t('room'),
    wide: true,
    cell: ({ roomId }) => (roomId ? <RoomLink roomId={roomId} /> : '–'),
  };
  const shown = inRoom ? all : [...all, place];
  if (!may('moderate')) return shown;
  const recall: Column<ChatMessage> = {
    head: t('action'),
    cell: (message) =>
      message.outcome === 'passed' || message.outcome === 'masked' ? (
        <button
          type="button"
          class="small"
          data-test="recall"
          aria-label={t('recallOne', message.text.slice(0, 60))}
          onClick={() => askRecall(message, refresh)}
        >
          {t('recall')}
        </button>
      ) : null,
  };
  return [...shown, recall];
}

interface Asked {
  roomId: string;
  userId: string;
  from: string;
  to: string;
}

/** The search is sent by a button: each one leaves a row in the audit log, which typing must not. */
function Search({ asked }: { asked: Asked }) {
  const fields = { roomId: useSignal(''), userId: useSignal(''), from: useSignal(''), to: useSignal('') };
  useEffect(() => {
    fields.roomId.value = asked.roomId;
    fields.userId.value = asked.userId;
    fields.from.value = asked.from;
    fields.to.value = asked.to;
  }, [asked.roomId, asked.userId, asked.from, asked.to]);
  return (
    <search>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setParams({
            roomId: fields.roomId.value.trim(),
            userId: fields.userId.value.trim(),
            from: fields.from.value.trim(),
            to: fields.to.value.trim(),
            page: '',
          });
        }}
      >
        <Field label={t('roomId')} name="roomId" value={fields.roomId} />
        <Field label={t('user')} name="userId" value={fields.userId} />
        <DayFields from={fields.from} to={fields.to} />
        <button type="submit" data-test="show">
          {t('show')}
        </button>
      </form>
    </search>
  );
}

function Log({ asked, settings }: { asked: Asked; settings: ReviewSettings | undefined }) {
  const { roomId, userId, from, to } = asked;
  const params = { roomId, userId, fromUtc: startOfDay(from), toUtc: endOfDay(to) };
  const list = useList<ChatMessage>('messages', params);
  const ranged = from !== '' || to !== '';
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columnsOf(list.refresh, roomId !== '')}
      keyOf={({ messageId }) => messageId}
      empty={<Empty icon={<ChatIcon />} title={t('none')} hint={t(ranged ? 'noneInRange' : 'noneHint')} />}
      tools={<Csv name="messages" params={params} />}
    >
      <Head asked={asked} settings={settings} />
    </ListScreen>
  );
}

function Head({ asked, settings }: { asked: Asked; settings: ReviewSettings | undefined }) {
  return (
    <>
      <p class="soft">{t('note', settings?.chatLogDays ?? '…')}</p>
      {settings && <CallbackAdvice settings={settings} />}
      <Search asked={asked} />
    </>
  );
}

export function Chat() {
  const [roomId, userId, from, to] = [
    useParam('roomId', ''),
    useParam('userId', ''),
    useParam('from', ''),
    useParam('to', ''),
  ];
  const { data: settings } = useDetail<ReviewSettings>('review_settings', {});
  const asked = { roomId: roomId.value, userId: userId.value, from: from.value, to: to.value };
  if (asked.roomId !== '' || asked.userId !== '') return <Log asked={asked} settings={settings} />;
  return (
    <Screen title={t('title')}>
      <Head asked={asked} settings={settings} />
      <Empty icon={<ChatIcon />} title={t('choose')} hint={t('chooseHint')} />
    </Screen>
  );
}
