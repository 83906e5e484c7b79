/** The events that a webhook receives: all, with those that later versions will have, or some. */
import type { Signal } from '@preact/signals';
import { chinese, say, type Text, translator } from '../shared/language';
import { Check } from '../shared/parts';
import type { Webhook } from './types';

const t = translator({
  events: ['Events', '事件'],
  all: ['All, including those of later versions', '全部，包括以后新增的事件'],
  allShort: ['all', '全部'],
  some: ['{1} and {2} more', '{1} 等 {2} 种'],
});

const WORDS: Readonly<Record<Webhook['events'][number], Text>> = {
  'room.opened': ['a broadcast starts', '开播'],
  'room.ended': ['a broadcast ends', '直播结束'],
  'member.joined': ['a user joins', '进入直播间'],
  'member.left': ['a user leaves', '离开直播间'],
  'user.created': ['a new account', '新用户'],
  'user.deleted': ['an account is deleted', '账号注销'],
  'sanction.created': ['a ban, mute or kick', '新处罚'],
  'sanction.lifted': ['a sanction is lifted', '解除处罚'],
  'admin.added': ['a room gets an admin', '添加房管'],
  'admin.removed': ['a room loses an admin', '移除房管'],
  'chat_rules.changed': ['the chat rules of a room change', '修改发言规则'],
  'message.held': ['a message waits for a verdict', '消息待审核'],
  'message.decided': ['a held message is decided', '待审核消息已处理'],
  'message.recalled': ['a message is recalled', '消息已撤回'],
  'picture.removed': ['a cover or an avatar is removed after review', '封面或头像经审核被移除'],
  'report.created': ['a new report', '新举报'],
};
const EVENTS = Object.keys(WORDS);

/** The form of the page: every type if all are chosen. */
export type Chosen = ReadonlySet<string>;

export const ALL_EVENTS: Chosen = new Set(EVENTS);

/** The form of the API: none named = all. */
export function eventsParam(chosen: Chosen): readonly string[] {
  return chosen.size === EVENTS.length ? [] : [...chosen];
}

export function eventsText(events: readonly string[]): string {
  if (events.length === EVENTS.length) return t('allShort');
  const [first = '', ...rest] = events;
  return rest.length < 2 ? events.join(', ') : t('some', first, chinese.value ? events.length : rest.length);
}

export function EventChoice({ chosen }: { chosen: Signal<Chosen> }) {
  const change = (name: string, checked: boolean) => {
    const next = new Set(chosen.value);
    if (checked) next.add(name);
    else next.delete(name);
    chosen.value = next;
  };
  return (
    <fieldset class="choices">
      <legend class="label">{t('events')}</legend>
      <Check
        name="all"
        label={t('all')}
        checked={chosen.value.size === EVENTS.length}
        // A webhook of no event at all would be one of all: the browser asks for a choice.
        required={chosen.value.size === 0}
        change={(checked) => {
          chosen.value = checked ? ALL_EVENTS : new Set();
        }}
      />
      {Object.entries(WORDS).map(([name, words]) => (
        <Check
          key={name}
          name={name}
          label={
            <span>
              <code>{name}</code> {say(words)}
            </span>
          }
          checked={chosen.value.has(name)}
          change={(checked) => change(name, checked)}
        />
      ))}
    </fieldset>
  );
}
