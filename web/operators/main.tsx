/** The operators' pages: the key, then the rail, a screen, and a panel over it. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { say, translator } from '../shared/language';
import { Empty, Notice } from '../shared/parts';
import { start } from '../shared/start';
import { access, resume } from './api';
import { Dialog, outcome, question } from './dialog';
import { listenToKeys } from './keyboard';
import { overlay } from './overlay';
import { Overlays } from './overlays';
import { Rail } from './rail';
import { href, type Route, route, walking } from './route';
import { Screen } from './screen';
import { PANEL_VIEWS, screenNamed } from './screens';
import { SignIn } from './sign-in';

const t = translator({
  title: ['Operators', '运营后台'],
  unknown: ['There is no page “{1}”.', '没有页面“{1}”'],
  unknownHint: ['The address may be mistyped or from a later version.', '地址可能有误，或来自更新的版本。'],
  home: ['Go to the overview', '返回概览'],
});

function Unknown({ name }: { name: string }) {
  return (
    <Screen title={t('title')}>
      <Empty title={t('unknown', name)} hint={t('unknownHint')}>
        <a class="button" href={href('overview')}>
          {t('home')}
        </a>
      </Empty>
    </Screen>
  );
}

function Work({ screen, id, panel }: Route) {
  const entry = screenNamed(screen);
  const view = panel && PANEL_VIEWS[panel.name];
  return (
    <main class={view ? 'with-panel' : undefined}>
      {view && (
        <aside class="panel-place" aria-labelledby="screen-head">
          {view(panel.id)}
        </aside>
      )}
      <div class="screen-place" data-list="">
        {entry ? entry.show(id) : <Unknown name={screen} />}
      </div>
    </main>
  );
}

const focusHead = () => document.querySelector<HTMLElement>('main h2')?.focus();

/**
 * The keyboard begins at the head of the new screen; after a panel it goes back to the row that opened it. Both happen in the
 * step that draws the change: a key that is pressed next, such as / for the search, has the last word.
 */
function useFocusOnChange({ screen, id, panel }: Route): void {
  const before = useRef({ screen, id, panel });
  useLayoutEffect(() => {
    const was = before.current;
    before.current = { screen, id, panel };
    const walked = walking.now;
    walking.now = false;
    if (was.screen === screen && was.id === id && was.panel?.id === panel?.id && was.panel?.name === panel?.name)
      return;
    question.value = undefined;
    if (walked || document.activeElement === null) return;
    const closed = was.panel && !panel && was.screen === screen;
    const row = closed
      ? document.querySelector<HTMLElement>(`[data-row="${CSS.escape(was.panel?.id ?? '')}"] a[data-open]`)
      : null;
    if (row) row.focus();
    else focusHead();
    if (!panel && !closed) window.scrollTo(0, 0);
  }, [screen, id, panel?.name, panel?.id]);
}

function App() {
  const shown = route.value;
  const entry = screenNamed(shown.screen);
  useEffect(listenToKeys, []);
  useFocusOnChange(shown);
  const name = entry ? say(entry.words) : t('title');
  useEffect(() => {
    document.title = `${name} · live-room`;
  }, [name]);
  const signedIn = access.value !== undefined;
  const before = useRef(signedIn);
  // The form or screen with the pressed button is gone: in the same step, the focus moves to the heading of the new view.
  useLayoutEffect(() => {
    if (before.current === signedIn) return;
    before.current = signedIn;
    // The pending action is dropped with the key.
    question.value = undefined;
    overlay.value = undefined;
    outcome.value = undefined;
    focusHead();
  }, [signedIn]);
  if (!access.value) return <SignIn />;
  return (
    <div class="shell">
      <Rail />
      <Work {...shown} />
      <div class="toasts">
        <Notice message={outcome.value} />
      </div>
      <Dialog />
      <Overlays />
    </div>
  );
}

start(<App />);
void resume();
