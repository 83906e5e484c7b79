/** The frame of every screen and panel: its name and state, its actions, and its parts. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { CloseIcon, FilterIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { listHref, route } from './route';

const t = translator({
  close: ['Close', '关闭'],
  filters: ['Filters', '筛选'],
  filtersOn: ['Filters ({1})', '筛选（{1}）'],
});

interface ScreenProps {
  title: ComponentChildren;
  /** Pills after the title. */
  state?: ComponentChildren;
  /** At the right of the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}

/** A panel takes the head's id and its tools: of both there is one on a page. */
export function Screen({ title, state, tools, children }: ScreenProps) {
  const { screen, id, panel } = route.value;
  return (
    <section
      class="screen"
      data-screen={id ? `${screen}/${id}` : screen}
      aria-labelledby={panel ? 'list-head' : 'screen-head'}
    >
      <div class="head">
        <h2 id={panel ? 'list-head' : 'screen-head'} tabIndex={-1}>
          {title}
        </h2>
        {state}
        {!panel && tools && <div class="tools">{tools}</div>}
      </div>
      {children}
    </section>
  );
}

export function PanelFrame({ title, state, tools, children }: ScreenProps) {
  const { panel } = route.value;
  return (
    <section class="side" data-screen={panel ? `${panel.name}/${panel.id}` : ''} aria-labelledby="screen-head">
      <div class="head">
        <h2 id="screen-head" tabIndex={-1}>
          {title}
        </h2>
        {state}
        <div class="tools">
          {tools}
          <a
            class="button quiet"
            href={listHref()}
            data-test="close-panel"
            aria-label={t('close')}
            title={`${t('close')} (Esc)`}
          >
            <CloseIcon />
          </a>
        </div>
      </div>
      <div class="side-body">{children}</div>
    </section>
  );
}

export function Part({
  title,
  tools,
  children,
}: {
  title: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="part" aria-label={title}>
      <div class="part-head">
        <h3>{title}</h3>
        {tools}
      </div>
      {children}
    </section>
  );
}

/** The filters of a list: in a row, and behind a button on a phone. `used` is the number of set ones. */
export function Filters({
  search,
  used,
  children,
}: {
  search?: ComponentChildren;
  used: number;
  children?: ComponentChildren;
}) {
  const open = useSignal(false);
  return (
    <search class={open.value ? 'filters open' : 'filters'}>
      {search}
      {children && (
        <button
          type="button"
          class="quiet only-small"
          data-test="filters"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <FilterIcon /> {used > 0 ? t('filtersOn', used) : t('filters')}
        </button>
      )}
      {children && <div class="filter-fields">{children}</div>}
    </search>
  );
}
