/** The chat rules and the admins of a room, in its panel. */
import { signal, useSignal } from '@preact/signals';
import { duration } from '../../shared/format';
import { say, type Text, translator } from '../../shared/language';
import { Check, Empty, Field, Notice, Select, Skeleton, Time } from '../../shared/parts';
import { call, may, toMessage } from '../api';
import { outcome, question } from '../dialog';
import { UserName } from '../links';
import { useDetail, useEvery } from '../list';
import { every } from '../rhythm';
import { Part } from '../screen';
import { Table } from '../table';
import type { ChatRules, RoomAdmin } from '../types';

const t = translator({
  rules: ['Chat rules', '发言规则'],
  speak: ['Who may write', '谁可以发言'],
  slowSeconds: ['Slow mode', '慢速模式'],
  slowField: ['Slow mode: seconds between two messages', '慢速模式：两条消息之间的秒数'],
  slowHint: ['3 to 120; 0 is off.', '3 到 120，0 表示关闭。'],
  minSecondsInRoom: ['Time in the room before writing', '进房多久后可发言'],
  minField: ['Seconds in the room before writing', '进房多少秒后可发言'],
  minHint: ['Up to 3600; 0 is off.', '最多 3600，0 表示不限。'],
  unique: ['Same message twice in a row', '连续重复发言'],
  uniqueField: ['Refuse the same message twice in a row', '拒绝连续重复的消息'],
  links: ['Links', '链接'],
  linksField: ['Allow links', '允许链接'],
  off: ['off', '关闭'],
  allowed: ['allowed', '允许'],
  refused: ['refused', '拒绝'],
  muteAll: ['Mute all', '全员禁言'],
  unmuteAll: ['Let everyone write', '解除全员禁言'],
  change: ['Change', '修改'],
  changeTitle: ['Change the chat rules of {1}', '修改 {1} 的发言规则'],
  hostFree: ['The rules do not bind the host and the admins.', '规则不约束主播和房管。'],
  changed: ['The chat rules are changed.', '发言规则已修改。'],
  save: ['Save', '保存'],
  admins: ['Admins', '房管'],
  name: ['Name', '昵称'],
  since: ['Since', '添加时间'],
  noAdmins: ['No admins.', '暂无房管'],
  noAdminsHint: ['The host names admins in the app (rooms/add_admin).', '由主播在客户端添加（rooms/add_admin）。'],
  loading: ['Loading …', '加载中…'],
});

const SPEAK: Readonly<Record<ChatRules['speak'], Text>> = {
  all: ['everyone', '所有人'],
  admins: ['the host and the admins', '主播和房管'],
  nobody: ['the host and the admins only: all are muted', '全员禁言（主播和房管除外）'],
};

const seconds = (value: number) => (value === 0 ? t('off') : duration(value * 1_000));

function Rules({ rules }: { rules: ChatRules }) {
  return (
    <dl class="fact-list" data-test="chat-rules">
      <dt>{t('speak')}</dt>
      <dd data-test="speak">{say(SPEAK[rules.speak])}</dd>
      <dt>{t('slowSeconds')}</dt>
      <dd data-test="slow">{seconds(rules.slowSeconds)}</dd>
      <dt>{t('minSecondsInRoom')}</dt>
      <dd>{seconds(rules.minSecondsInRoom)}</dd>
      <dt>{t('unique')}</dt>
      <dd>{t(rules.unique ? 'refused' : 'allowed')}</dd>
      <dt>{t('links')}</dt>
      <dd>{t(rules.links ? 'allowed' : 'refused')}</dd>
    </dl>
  );
}

function askChange({
  roomId,
  title,
  rules,
  after,
}: {
  roomId: string;
  title: string;
  rules: ChatRules;
  after: () => void;
}) {
  const speak = signal(rules.speak);
  const slow = signal(String(rules.slowSeconds));
  const min = signal(String(rules.minSecondsInRoom));
  const unique = signal(rules.unique);
  const links = signal(rules.links);
  question.value = {
    title: t('changeTitle', title),
    word: t('save'),
    after,
    body: () => (
      <>
        <Select
          label={t('speak')}
          name="speak"
          value={speak}
          options={(['all', 'admins', 'nobody'] as const).map((one) => [one, say(SPEAK[one])] as const)}
        />
        <Field label={t('slowField')} name="slowSeconds" type="number" value={slow} hint={t('slowHint')} required />
        <Field label={t('minField')} name="minSecondsInRoom" type="number" value={min} hint={t('minHint')} required />
        <Check
          name="unique"
          label={t('uniqueField')}
          checked={unique.value}
          change={(on) => {
            unique.value = on;
          }}
        />
        <Check
          name="links"
          label={t('linksField')}
          checked={links.value}
          change={(on) => {
            links.value = on;
          }}
        />
        <p class="soft">{t('hostFree')}</p>
      </>
    ),
    run: async () => {
      await call('change_chat_rules', {
        roomId,
        speak: speak.value,
        slowSeconds: Number(slow.value),
        minSecondsInRoom: Number(min.value),
        unique: unique.value,
        links: links.value,
      });
      return t('changed');
    },
  };
}

/** One press: there is no time for a form when a chat goes wrong. */
function MuteAll({ roomId, rules, after }: { roomId: string; rules: ChatRules; after: () => void }) {
  const busy = useSignal(false);
  const muted = rules.speak === 'nobody';
  const press = async () => {
    busy.value = true;
    try {
      await call('change_chat_rules', { roomId, speak: muted ? 'all' : 'nobody' });
      outcome.value = { good: true, text: () => t('changed'), forMs: 2_000 };
    } catch (error) {
      outcome.value = toMessage(error);
    }
    busy.value = false;
    after();
  };
  return (
    <button
      type="button"
      class={muted ? 'small' : 'small danger'}
      data-test="mute-all"
      disabled={busy.value}
      onClick={() => void press()}
    >
      {t(muted ? 'unmuteAll' : 'muteAll')}
    </button>
  );
}

export function RoomChat({ roomId, title }: { roomId: string; title: string }) {
  const rules = useDetail<ChatRules>('chat_rules', { roomId });
  const admins = useDetail<readonly RoomAdmin[]>('room_admins', { roomId });
  useEvery(Number(every.value), () => {
    rules.refresh();
    admins.refresh();
  });
  const { data, refresh } = rules;
  return (
    <>
      <Part title={t('rules')}>
        <Notice message={rules.message} />
        {data ? <Rules rules={data} /> : !rules.message && <Skeleton rows={5} word={t('loading')} />}
        {data && may('moderate') && (
          <div class="actions">
            <MuteAll roomId={roomId} rules={data} after={refresh} />
            <button
              type="button"
              class="small"
              data-test="change-chat-rules"
              onClick={() => askChange({ roomId, title, rules: data, after: refresh })}
            >
              {t('change')}
            </button>
          </div>
        )}
      </Part>
      <Part title={t('admins')}>
        <Notice message={admins.message} />
        {admins.data && (
          <Table
            label={t('admins')}
            items={[...admins.data]}
            columns={[
              { head: t('name'), grow: true, cell: ({ userId, name }) => <UserName userId={userId} name={name} /> },
              { head: t('since'), cell: ({ createUtc }) => <Time text={createUtc} /> },
            ]}
            keyOf={({ userId }) => userId}
            empty={<Empty title={t('noAdmins')} hint={t('noAdminsHint')} />}
          />
        )}
      </Part>
    </>
  );
}
