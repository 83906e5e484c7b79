/** The operators' pages: the key, then the screens. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { translator } from '../shared/language';
import { Field, type Message, Notice } from '../shared/parts';
import { start } from '../shared/start';
import { access, may, refusedWith, resume, scope, signIn, signOut, toMessage } from './api';
import { Board } from './board';
import { Deliveries } from './deliveries';
import { Dialog, outcome, question } from './dialog';
import { Audit, Broadcasts } from './history';
import { Operators } from './operators';
import { RoomScreen } from './room';
import { href, type Route, route } from './route';
import { Reports, Sanctions } from './sanctions';
import { StatisticsScreen } from './statistics';
import { UserScreen, Users } from './users';
import { Webhooks } from './webhooks';

const t = translator({
  rooms: ['On the air', '正在直播'],
  reports: ['Reports', '举报'],
  users: ['Users', '用户'],
  sanctions: ['Sanctions', '处罚'],
  statistics: ['Statistics', '统计'],
  broadcasts: ['Broadcasts', '历史直播'],
  audit: ['Audit', '审计'],
  webhooks: ['Webhooks', 'Webhook'],
  operators: ['Operators', '管理员'],
  screens: ['Screens', '页面'],
  key: ['Operator’s key', '管理员密钥'],
  keyHint: [
    'Begins with lrk_. It stays in this tab until it is closed.',
    '以 lrk_ 开头，只保存在当前标签页，关闭后清除。',
  ],
  tenant: ['Tenant', '租户'],
  tenantHint: ['Empty = the default one.', '留空表示默认租户。'],
  come: ['Sign in', '登录'],
  go: ['Sign out', '退出'],
  title: ['Operators', '运营'],
  off: [
    'This service has no operators: set ADMIN_KEY, or ask whoever deployed it.',
    '该服务没有启用运营接口：请设置 ADMIN_KEY，或联系部署者。',
  ],
  mayRead: ['may look', '仅可查看'],
  mayModerate: ['may moderate', '可查看和处理'],
  mayManage: ['may do all', '全部权限'],
});

type Screen =
  | 'rooms'
  | 'reports'
  | 'users'
  | 'sanctions'
  | 'statistics'
  | 'broadcasts'
  | 'audit'
  | 'webhooks'
  | 'operators';
const FOR_ALL: readonly Screen[] = ['rooms', 'reports', 'users', 'sanctions', 'statistics', 'broadcasts'];
const FOR_MANAGERS: readonly Screen[] = ['audit', 'webhooks', 'operators'];
/** Screens that are reached from another one, and belong to it. */
const PARENTS: Readonly<Record<string, Screen>> = { room: 'rooms', user: 'users', deliveries: 'webhooks' };

/** The entry of the bar that a screen belongs to. */
function screenOf(name: string): Screen {
  return PARENTS[name] ?? [...FOR_ALL, ...FOR_MANAGERS].find((one) => one === name) ?? 'rooms';
}

function refusal(): Message | undefined {
  const why = refusedWith.value;
  if (!why) return undefined;
  return why.status === 404 ? { good: false, text: () => t('off') } : toMessage(why);
}

function KeyForm() {
  const key = useSignal('');
  const tenant = useSignal('');
  const busy = useSignal(false);
  const submit = async () => {
    busy.value = true;
    await signIn({ key: key.value.trim(), tenant: tenant.value.trim() }).catch(signOut);
    busy.value = false;
  };
  return (
    <section class="panel narrow" aria-busy={busy.value} aria-labelledby="screen-head">
      <h2 id="screen-head" tabIndex={-1}>
        {t('title')}
      </h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label={t('key')} name="key" type="password" value={key} hint={t('keyHint')} required />
        <Field label={t('tenant')} name="tenant" value={tenant} hint={t('tenantHint')} />
        <Notice message={refusal()} />
        <div class="actions">
          <button type="submit" class="primary" data-test="sign-in">
            {t('come')}
          </button>
        </div>
      </form>
    </section>
  );
}

function Shown({ screen, id }: Route) {
  if (screen === 'room') return <RoomScreen key={id} id={id} />;
  if (screen === 'user') return <UserScreen key={id} id={id} />;
  if (screen === 'deliveries') return <Deliveries key={id} id={id} />;
  if (screen === 'reports') return <Reports />;
  if (screen === 'users') return <Users />;
  if (screen === 'sanctions') return <Sanctions />;
  if (screen === 'statistics') return <StatisticsScreen />;
  if (screen === 'broadcasts') return <Broadcasts />;
  if (screen === 'audit') return <Audit />;
  if (screen === 'webhooks') return <Webhooks />;
  if (screen === 'operators') return <Operators />;
  return <Board />;
}

function Navigation() {
  const current = screenOf(route.value.screen);
  const bar = useRef<HTMLElement>(null);
  // On a phone the bar is wider than the window.
  useEffect(() => {
    const link = bar.current?.querySelector('[aria-current]');
    link?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  const screens = may('manage') ? [...FOR_ALL, ...FOR_MANAGERS] : FOR_ALL;
  const words = { read: t('mayRead'), moderate: t('mayModerate'), manage: t('mayManage') };
  return (
    <div class="bar">
      <nav aria-label={t('screens')} ref={bar}>
        {screens.map((name) => (
          <a key={name} href={href(name)} data-test={`to-${name}`} aria-current={name === current ? 'page' : undefined}>
            {t(name)}
          </a>
        ))}
      </nav>
      <span class="soft" data-test="scope">
        {access.value?.tenant} {scope.value && words[scope.value]}
      </span>
      <button type="button" class="plain" data-test="sign-out" onClick={() => signOut()}>
        {t('go')}
      </button>
    </div>
  );
}

// An entry without an export would be taken for CommonJS, since that is the type of the package, and wrapped.
export function App() {
  const { screen, id } = route.value;
  // What was done on one screen is not told on the next one, and the keyboard begins at its head.
  useEffect(() => {
    outcome.value = undefined;
    question.value = undefined;
    document.title = `${t(screenOf(screen))} · live-room`;
    if (document.activeElement !== document.body) document.querySelector<HTMLElement>('main h2')?.focus();
  }, [screen, id]);
  const signedIn = access.value !== undefined;
  const before = useRef(signedIn);
  // The form or the screen with what was pressed is gone: in the same step, the keyboard goes on at the head of what came.
  useLayoutEffect(() => {
    if (before.current === signedIn) return;
    before.current = signedIn;
    // What was about to be done went with the key.
    question.value = undefined;
    outcome.value = undefined;
    document.querySelector<HTMLElement>('main h2')?.focus();
  }, [signedIn]);
  if (!access.value) return <KeyForm />;
  return (
    <>
      <Navigation />
      <Shown screen={screen} id={id} />
      <Dialog />
    </>
  );
}

start(<App />);
void resume();
