/** The head of every screen: its name, what was done last, and what can be done here. */
import type { ComponentChildren } from 'preact';
import { Notice } from '../shared/parts';
import { outcome } from './dialog';
import { route } from './route';

interface ScreenProps {
  title: ComponentChildren;
  /** Beside the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}

export function Screen({ title, tools, children }: ScreenProps) {
  const { screen, id } = route.value;
  return (
    <section class="panel" data-screen={id ? `${screen}/${id}` : screen} aria-labelledby="screen-head">
      <div class="panel-head">
        <h2 id="screen-head" tabIndex={-1}>
          {title}
        </h2>
        {tools && <div class="tools">{tools}</div>}
      </div>
      <Notice message={outcome.value} />
      {children}
    </section>
  );
}

export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
