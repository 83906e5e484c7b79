/** The list of keys, and jumping to a room, a user or a screen by a few letters. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { number } from '../shared/format';
import { RoomsIcon, UsersIcon } from '../shared/icons';
import { say, translator } from '../shared/language';
import { UserText } from '../shared/parts';
import { call, may } from './api';
import { overlay } from './overlay';
import { href, panelHref } from './route';
import { SCREENS } from './screens';
import type { LiveRoom, Page, User } from './types';

const t = translator({
  keys: ['Keyboard shortcuts', '键盘快捷键'],
  search: ['Search this list', '搜索当前列表'],
  jump: ['Jump to a room, a user or a page', '跳转到直播间、用户或页面'],
  walk: ['Next and previous row; with a panel open, the panel follows', '下一行、上一行；打开详情时随之切换'],
  open: ['Open the row', '打开所选行'],
  escape: ['Close the panel or the dialog', '关闭详情或弹窗'],
  pass: ['Held texts: let the text pass', '待审核：通过'],
  refuse: ['Held texts: refuse the text', '待审核：拒绝'],
  choose: ['Held texts: select the text', '待审核：选中'],
  help: ['Show these shortcuts', '显示快捷键'],
  close: ['Close', '关闭'],
  to: ['Room, user or page', '直播间、用户或页面'],
  hint: ['Title, room ID, user ID, name or user name', '标题、房间 ID、用户 ID、昵称或用户名'],
  results: ['Results', '结果'],
  none: ['No results.', '暂无数据'],
  members: ['{1} in room', '在线 {1} 人'],
});

const KEYS = [
  [['/'], 'search'],
  [['Ctrl', 'K'], 'jump'],
  [['j', 'k'], 'walk'],
  [['Enter'], 'open'],
  [['Esc'], 'escape'],
  [['p'], 'pass'],
  [['r'], 'refuse'],
  [['x'], 'choose'],
  [['?'], 'help'],
] as const;

function Keys() {
  return (
    <>
      <dl class="keys">
        {KEYS.map(([keys, name]) => (
          <div key={name}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(name)}</dd>
          </div>
        ))}
      </dl>
      <div class="actions end">
        <button
          type="button"
          onClick={() => {
            overlay.value = undefined;
          }}
        >
          {t('close')}
        </button>
      </div>
    </>
  );
}

interface Hit {
  key: string;
  href: string;
  name: string;
  note: string;
  kind: 'room' | 'user' | 'screen';
}

const PAUSE_MS = 180;

function screensFor(text: string): Hit[] {
  return SCREENS.filter(
    ({ words, below, scope }) => !below && may(scope) && words.some((word) => word.toLowerCase().startsWith(text)),
  ).map(({ name, words }) => ({ key: name, href: href(name), name: say(words), note: '', kind: 'screen' }));
}

async function find(text: string): Promise<Hit[]> {
  const [rooms, users] = await Promise.all([
    call<Page<LiveRoom>>('rooms', { search: text, limit: 5 }),
    call<Page<User>>('users', { search: text, limit: 5 }),
  ]);
  const ofRooms = rooms.items.map(
    ({ roomId, title, viewers }): Hit => ({
      key: `r${roomId}`,
      href: panelHref('room', roomId),
      name: title || roomId,
      note: `${roomId} · ${t('members', number(viewers))}`,
      kind: 'room',
    }),
  );
  const ofUsers = users.items.map(
    ({ userId, name, username }): Hit => ({
      key: `u${userId}`,
      href: panelHref('user', userId),
      name: name || username || userId,
      note: `${userId} · ${username}`,
      kind: 'user',
    }),
  );
  return [...ofRooms, ...ofUsers];
}

function Jump() {
  const id = useId();
  const text = useSignal('');
  const hits = useSignal<Hit[]>(screensFor(''));
  const at = useSignal(0);
  const wanted = text.value.trim();
  useEffect(() => {
    const screens = screensFor(wanted.toLowerCase());
    let over = false;
    const timer = setTimeout(
      async () => {
        const found = wanted === '' ? [] : await find(wanted).catch(() => []);
        if (over) return;
        hits.value = [...found, ...screens];
        at.value = 0;
      },
      wanted === '' ? 0 : PAUSE_MS,
    );
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    overlay.value = undefined;
    location.hash = hit.href;
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') go(hits.value[at.value]);
    else if (step) at.value = Math.min(hits.value.length - 1, Math.max(0, at.value + step));
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        type="text"
        role="combobox"
        data-test="jump-to"
        aria-label={t('to')}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={hits.value.length > 0 ? `${id}-${at.value}` : undefined}
        placeholder={t('hint')}
        autocomplete="off"
        value={text}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={keys}
      />
      <div id={id} role="listbox" aria-label={t('results')} class="hits">
        {hits.value.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
          <div
            key={hit.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at.value}
            data-test="hit"
            onClick={() => go(hit)}
          >
            {hit.kind === 'room' && <RoomsIcon />}
            {hit.kind === 'user' && <UsersIcon />}
            <UserText text={hit.name} /> <span class="soft clip">{hit.note}</span>
          </div>
        ))}
      </div>
      {hits.value.length === 0 && <p class="soft">{t('none')}</p>}
    </>
  );
}

export function Overlays() {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = overlay.value;
  useEffect(() => {
    if (shown && !dialog.current?.open) dialog.current?.showModal();
    if (!shown && dialog.current?.open) dialog.current.close();
  }, [shown]);
  return (
    <dialog
      ref={dialog}
      class={shown === 'jump' ? 'palette' : undefined}
      aria-label={t(shown === 'jump' ? 'jump' : 'keys')}
      onClose={() => {
        if (!dialog.current?.open) overlay.value = undefined;
      }}
    >
      {shown === 'keys' && (
        <>
          <h2>{t('keys')}</h2>
          <Keys />
        </>
      )}
      {shown === 'jump' && <Jump />}
    </dialog>
  );
}
