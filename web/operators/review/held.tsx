/** Texts that wait for a verdict: one press each, several in one call, by keyboard as well. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Cover } from '../../shared/cover';
import { duration, now, utc } from '../../shared/format';
import { DoneIcon, HeldIcon } from '../../shared/icons';
import { translator } from '../../shared/language';
import { Empty, Field, Pill, Select, Time, UserText } from '../../shared/parts';
import { call, may, toMessage } from '../api';
import { Bar } from '../bulk';
import { covers, PictureLink } from '../covers';
import { outcome } from '../dialog';
import { addKeys } from '../keyboard';
import { RoomLink, UserLink } from '../links';
import { type List, useDetail, useEvery, useList } from '../list';
import { ListScreen } from '../list-screen';
import { useParam } from '../params';
import { href, panelHref } from '../route';
import { Filters } from '../screen';
import { type Column, useChosen } from '../table';
import type { Detail, Held, ReviewSettings } from '../types';
import { countWaiting, noteWaiting } from '../waiting';
import { CallbackAdvice, CallbackPill } from './callback-state';
import { Marked } from './marked';
import { placesOf } from './marks';

const t = translator({
  title: ['Held texts', '待审核'],
  text: ['Text', '内容'],
  author: ['Author', '发送者'],
  room: ['Room', '直播间'],
  why: ['Held because of', '待审核原因'],
  vendor: ['vendor', '第三方审核'],
  left: ['Time left', '剩余时间'],
  at: ['Time', '时间'],
  decidedBy: ['By', '处理人'],
  state: ['State', '状态'],
  open: ['Waiting', '待审核'],
  passed: ['Passed', '已通过'],
  refused: ['Refused', '已拒绝'],
  cover: ['Cover', '封面'],
  avatar: ['Avatar', '头像'],
  expired: ['Expired', '已过期'],
  user: ['User ID', '用户 ID'],
  roomId: ['Room ID', '房间 ID'],
  action: ['Actions', '操作'],
  pass: ['Pass', '通过'],
  refuse: ['Refuse', '拒绝'],
  passOne: ['Pass: {1}', '通过：{1}'],
  refuseOne: ['Refuse: {1}', '拒绝：{1}'],
  donePass: ['Passed: {1}.', '已通过 {1} 条。'],
  doneRefuse: ['Refused: {1}.', '已拒绝 {1} 条。'],
  partly: ['{1} done, {2} failed.', '完成 {1} 条，失败 {2} 条。'],
  none: ['No held texts.', '暂无待审核内容'],
  noneHint: [
    'Texts with a word of the action “Hold”, and texts and pictures that the vendor doubts, wait here for 10 minutes.',
    '含有“待审核”词的内容，以及第三方审核存疑的内容和图片，会在这里等待 10 分钟。',
  ],
  off: ['Review is off.', '审核未开启'],
  offHint: ['Messages go out without review.', '消息不经审核直接发出。'],
  toReview: ['Review settings', '审核设置'],
});

const STATES = ['open', 'passed', 'refused', 'expired'] as const;
/** The chat moves on while a text waits, so this list is read more often than others (s). */
const EVERY_S = 3;

type Verdict = 'pass' | 'refuse';
type Decide = (items: readonly Held[], verdict: Verdict) => void;

const keyOf = ({ heldId }: Held) => heldId;
const labelOf = (item: Held) => `${item.name || item.userId}: ${item.text}`.slice(0, 60);

function Why({ item: { source, label, hits } }: { item: Held }) {
  if (source === 'vendor') {
    return (
      <Pill tone="info">
        {t('vendor')} {label}
      </Pill>
    );
  }
  return <UserText text={hits.join(', ')} />;
}

/** Shown only if it is from the tenant's own bucket: the page loads pictures from nowhere else. */
function Picture({ item: { userId, name, picture, text } }: { item: Held }) {
  return (
    <span class="held-picture" data-test="held-picture">
      <Cover room={{ roomId: userId, title: name, cover: text }} from={covers.value} /> {t(picture || 'cover')}
    </span>
  );
}

function Left({ item }: { item: Held }) {
  return <span class="number">{duration(utc(item.expiresUtc) - now.value)}</span>;
}

function Verdicts({ item, decide }: { item: Held; decide: Decide }) {
  return (
    <span class="actions">
      {(['pass', 'refuse'] as const).map((verdict) => (
        <button
          key={verdict}
          type="button"
          class={verdict === 'refuse' ? 'small danger' : 'small'}
          data-test={verdict}
          aria-label={t(`${verdict}One`, labelOf(item))}
          title={`${t(verdict)} (${verdict[0]})`}
          onClick={() => decide([item], verdict)}
        >
          {t(verdict)}
        </button>
      ))}
    </span>
  );
}

function columnsOf(decide: Decide | undefined, open: boolean): readonly Column<Held>[] {
  const all: readonly Column<Held>[] = [
    {
      head: t('text'),
      grow: true,
      cell: (item) => (
        <>
          <a class="row-text" data-open="" href={panelHref('user', item.userId)}>
            {item.picture ? (
              <Picture item={item} />
            ) : (
              <Marked text={item.text} places={placesOf(item.text, item.hits)} test="held-text" />
            )}
          </a>
          {item.picture && <PictureLink url={item.text} />}
        </>
      ),
    },
    { head: t('author'), cell: ({ userId, name }) => <UserLink userId={userId} name={name} /> },
    { head: t('room'), wide: true, cell: ({ roomId, roomTitle }) => <RoomLink roomId={roomId} title={roomTitle} /> },
    { head: t('why'), wide: true, cell: (item) => <Why item={item} /> },
    open
      ? { head: t('left'), number: true, cell: (item) => <Left item={item} /> }
      : { head: t('at'), cell: ({ createUtc }) => <Time text={createUtc} /> },
  ];
  if (!open) return [...all, { head: t('decidedBy'), cell: ({ decidedBy }) => <UserText text={decidedBy || '–'} /> }];
  return decide ? [...all, { head: t('action'), cell: (item) => <Verdicts item={item} decide={decide} /> }] : all;
}

/** Sends a verdict. Decided rows go immediately; those that the service did not take come back. */
function useVerdicts(list: List<Held>) {
  const gone = useSignal<ReadonlySet<string>>(new Set());
  const decide: Decide = async (items, verdict) => {
    if (items.length === 0) return;
    const heldIds = items.map(keyOf);
    const without = (ids: readonly string[]) => new Set([...gone.peek()].filter((id) => !ids.includes(id)));
    leaveRows(heldIds);
    gone.value = new Set([...gone.peek(), ...heldIds]);
    try {
      const { done, failed } = await call<{ done: number; failed: { heldId: string; detail: Detail }[] }>(
        'decide_held',
        {
          heldIds,
          verdict,
        },
      );
      const [first] = failed;
      gone.value = without(failed.map(({ heldId }) => heldId));
      outcome.value = first
        ? { good: false, text: () => t('partly', done, failed.length), detail: first.detail }
        : { good: true, text: () => t(verdict === 'pass' ? 'donePass' : 'doneRefuse', done), forMs: 2_000 };
    } catch (error) {
      gone.value = without(heldIds);
      outcome.value = toMessage(error);
    }
    list.refresh();
    void countWaiting();
  };
  return { gone, decide };
}

const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-list] [data-row="${CSS.escape(id)}"]`);

/** Moves the focus to the next row before the decided rows disappear. */
function leaveRows(ids: readonly string[]): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-list] [data-row]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (at < 0) {
    // The bar of chosen rows goes with them.
    if (document.activeElement?.closest('.bulk')) document.querySelector<HTMLElement>('main h2')?.focus();
    return;
  }
  const stays = (row: HTMLElement) => !ids.includes(row.dataset['row'] ?? '');
  const next = rows.slice(at).find(stays) ?? rows.slice(0, at).findLast(stays);
  next?.querySelector<HTMLElement>('a[data-open]')?.focus();
}

/** p, r and x concern the row with the keyboard in it. The first press goes to the first row and decides nothing. */
function useKeys(items: readonly Held[], decide: Decide | undefined, chosen: Signal<ReadonlySet<string>>): void {
  const latest = useRef({ items, decide });
  latest.current = { items, decide };
  useEffect(() => {
    const current = () => {
      const { items: shown } = latest.current;
      const found = shown.find(({ heldId }) => rowOf(heldId)?.contains(document.activeElement));
      if (!found && shown[0]) rowOf(shown[0].heldId)?.querySelector<HTMLElement>('a[data-open]')?.focus();
      return found;
    };
    const verdict = (word: Verdict) => () => {
      const item = latest.current.decide && current();
      if (item) latest.current.decide?.([item], word);
    };
    const choose = () => {
      const item = latest.current.decide && current();
      if (!item) return;
      const next = new Set(chosen.peek());
      if (!next.delete(item.heldId)) next.add(item.heldId);
      chosen.value = next;
    };
    return addKeys({ p: verdict('pass'), r: verdict('refuse'), x: choose });
  }, []);
}

function Nothing({ settings }: { settings: ReviewSettings | undefined }) {
  const off = settings?.enabled === false;
  return (
    <Empty
      icon={off ? <HeldIcon /> : <DoneIcon />}
      title={t(off ? 'off' : 'none')}
      hint={t(off ? 'offHint' : 'noneHint')}
    >
      {off && (
        <a class="button" href={href('review')}>
          {t('toReview')}
        </a>
      )}
    </Empty>
  );
}

export function HeldTexts() {
  const state = useParam<(typeof STATES)[number]>('state', 'open', STATES);
  const userId = useParam('userId', '');
  const roomId = useParam('roomId', '');
  const params = { state: state.value, userId: userId.value.trim(), roomId: roomId.value.trim() };
  const { data: settings, refresh: readSettings } = useDetail<ReviewSettings>('review_settings', {});
  const asked = useList<Held>('held', params);
  const open = state.value === 'open';
  const { gone, decide } = useVerdicts(asked);
  const items = useMemo(
    () => (open ? asked.items?.filter(({ heldId }) => !gone.value.has(heldId)) : asked.items),
    [asked.items, gone.value, open],
  );
  const chosen = useChosen(items, keyOf);
  const acting = may('moderate') && open;
  useKeys(items ?? [], acting ? decide : undefined, chosen);
  useEvery(open ? EVERY_S : 0, asked.refresh);
  // A text that has arrived is a callback that has arrived.
  const some = (items?.length ?? 0) > 0;
  useEffect(() => {
    if (some) readSettings();
  }, [some]);
  const used = [userId.value, roomId.value].filter((one) => one !== '').length + Number(!open);
  useEffect(() => {
    if (items && used === 0) noteWaiting('held', items.length);
  }, [items, used]);
  const marked = (items ?? []).filter(({ heldId }) => chosen.value.has(heldId));
  return (
    <ListScreen
      title={t('title')}
      list={{ ...asked, items }}
      columns={columnsOf(acting ? decide : undefined, open)}
      keyOf={keyOf}
      state={settings && <CallbackPill settings={settings} />}
      empty={used > 0 ? undefined : <Nothing settings={settings} />}
      choosing={acting ? { chosen, nameOf: labelOf } : undefined}
    >
      {settings && <CallbackAdvice settings={settings} />}
      <Filters used={used}>
        <Select label={t('state')} name="state" value={state} options={STATES.map((one) => [one, t(one)] as const)} />
        <Field label={t('user')} name="userId" value={userId} />
        <Field label={t('roomId')} name="roomId" value={roomId} />
      </Filters>
      {acting && (
        <Bar chosen={chosen}>
          {(['pass', 'refuse'] as const).map((verdict) => (
            <button
              key={verdict}
              type="button"
              class={verdict === 'refuse' ? 'small danger' : 'small'}
              data-test={`bulk-${verdict}`}
              onClick={() => decide(marked, verdict)}
            >
              {t(verdict)}
            </button>
          ))}
        </Bar>
      )}
    </ListScreen>
  );
}
