/** The rail: the screens by group with what waits, the key that is used, language, colours, help. */
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../shared/format';
import { KeysIcon, LanguageIcon, SearchIcon, SignOutIcon, ThemeIcon } from '../shared/icons';
import { chinese, say, translator } from '../shared/language';
import { address, base } from '../shared/service';
import { access, may, me, scope, signOut } from './api';
import { openReports } from './open-reports';
import { overlay } from './overlay';
import { href, route } from './route';
import { GROUPS, SCREENS, type ScreenEntry, screenNamed } from './screens';
import { waiting } from './waiting';

const t = translator({
  title: ['live-room operators', 'live-room 运营后台'],
  rail: ['Navigation', '导航'],
  screens: ['Screens', '页面'],
  go: ['Sign out', '退出登录'],
  read: ['Read only', '只读'],
  moderate: ['Moderator', '可处置'],
  service: ['Own service', '自有服务'],
  manage: ['Full access', '全部权限'],
  jump: ['Jump to …', '快速跳转…'],
  docs: ['API docs', '接口文档'],
  keys: ['Keyboard shortcuts', '键盘快捷键'],
  language: ['中文', 'English'],
  theme: ['Light or dark', '明暗主题'],
  openReports: ['{1} open reports', '{1} 条待处理举报'],
  held: ['{1} held texts', '{1} 条待审核'],
  appeals: ['{1} open appeals', '{1} 条待处理申诉'],
});

function Entry({ entry, current }: { entry: ScreenEntry; current: boolean }) {
  const { name, words, icon: Icon, badge } = entry;
  const count = badge === 'openReports' ? openReports.value : badge && waiting.value[badge];
  return (
    <a href={href(name)} data-test={`to-${name}`} aria-current={current ? 'page' : undefined}>
      <Icon />
      <span>{say(words)}</span>
      {badge && count !== undefined && count > 0 && (
        <span
          class="count number"
          data-test={badge === 'openReports' ? 'open-reports' : `waiting-${badge}`}
          title={t(badge, number(count))}
        >
          {count > 99 ? '99+' : count}
        </span>
      )}
    </a>
  );
}

function Foot() {
  return (
    <div class="rail-foot">
      <button
        type="button"
        class="plain"
        data-test="keys"
        title={`${t('keys')} (?)`}
        aria-label={t('keys')}
        onClick={() => {
          overlay.value = 'keys';
        }}
      >
        <KeysIcon />
      </button>
      <button
        type="button"
        class="plain"
        data-set="lang"
        lang={chinese.value ? 'en' : 'zh'}
        title={t('language')}
        aria-label={t('language')}
      >
        <LanguageIcon />
      </button>
      <button type="button" class="plain" data-set="theme" title={t('theme')} aria-label={t('theme')}>
        <ThemeIcon />
      </button>
      <button
        type="button"
        class="plain"
        data-test="sign-out"
        title={t('go')}
        aria-label={t('go')}
        onClick={() => signOut()}
      >
        <SignOutIcon />
      </button>
    </div>
  );
}

export function Rail() {
  const shown = screenNamed(route.value.screen);
  const current = shown?.below ?? shown?.name;
  const bar = useRef<HTMLElement>(null);
  // On a phone the bar is wider than the window.
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <aside class="rail" aria-label={t('rail')}>
      <h1 class="offscreen">{t('title')}</h1>
      <div class="rail-head">
        <a class="brand" href={href('overview')}>
          <i aria-hidden="true" />
          live-room
        </a>
        <button
          type="button"
          class="jump"
          data-test="jump"
          onClick={() => {
            overlay.value = 'jump';
          }}
        >
          <SearchIcon /> <span>{t('jump')}</span> <kbd>Ctrl K</kbd>
        </button>
      </div>
      <nav aria-label={t('screens')} ref={bar}>
        {GROUPS.map(([group, words]) => {
          const entries = SCREENS.filter((one) => one.group === group && !one.below && may(one.scope));
          if (entries.length === 0) return null;
          return (
            <div key={group} class="rail-group">
              <span class="rail-title">{say(words)}</span>
              {entries.map((entry) => (
                <Entry key={entry.name} entry={entry} current={entry.name === current} />
              ))}
            </div>
          );
        })}
      </nav>
      <div class="rail-key">
        <span class="clip" title={me.value?.name}>
          {me.value?.name}
        </span>
        <span class="soft clip" data-test="scope">
          {access.value?.tenant} {scope.value && t(scope.value)}
        </span>
        <a class="soft clip" href={`${base}docs`} title={address}>
          {t('docs')}
        </a>
      </div>
      <Foot />
    </aside>
  );
}
