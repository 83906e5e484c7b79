/** Tables of dense rows, which become two lines each on narrow screens; the pages of a list; choosing rows. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useFocusThatStays } from '../shared/focus';
import { clockTime, number as shownNumber } from '../shared/format';
import { NextIcon, PreviousIcon, RefreshIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Empty, Notice, Skeleton } from '../shared/parts';
import type { List, Total } from './list';
import { every, RHYTHMS, type Rhythm } from './rhythm';
import { route } from './route';

const t = translator({
  previous: ['Previous', '上一页'],
  next: ['Next', '下一页'],
  page: ['Page {1}', '第 {1} 页'],
  pageOf: ['Page {1} of {2}', '第 {1} 页，共 {2} 页'],
  one: ['1 in total', '共 1 条'],
  total: ['{1} in total', '共 {1} 条'],
  more: ['more than {1}', '超过 {1} 条'],
  loading: ['Loading …', '加载中…'],
  nothing: ['No results.', '暂无数据'],
  nothingHint: ['Clear or change the filters.', '请清除或修改筛选条件。'],
  pages: ['Pages', '分页'],
  asOf: ['Updated {1}', '更新于 {1}'],
  refresh: ['Refresh', '刷新'],
  every: ['Auto-refresh', '自动刷新'],
  off: ['off', '关闭'],
  seconds: ['every {1} s', '每 {1} 秒'],
  minutes: ['every {1} min', '每 {1} 分钟'],
  retry: ['Retry', '重试'],
  choose: ['Select {1}', '选择 {1}'],
  chooseAll: ['Select all on this page', '选择本页全部'],
});

const PAGE_SIZE = 50;

export interface Column<T> {
  head: string;
  cell: (item: T) => ComponentChildren;
  /** Numbers are at the end of their column. */
  number?: boolean;
  /** Hidden while a panel is over the list. */
  wide?: boolean;
  /** Takes the room that is left, and is cut off with dots. */
  grow?: boolean;
}

/** Selection of rows for bulk actions. */
export interface Choosing<T> {
  chosen: Signal<ReadonlySet<string>>;
  /** What screen readers call a row. */
  nameOf: (item: T) => string;
  /** Rows without a box. */
  may?: (item: T) => boolean;
}

interface TableProps<T> {
  label: string;
  items: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (item: T, index: number) => string;
  /** Replaces a table without rows. */
  empty?: ComponentChildren;
  choosing?: Choosing<T> | undefined;
}

export function Table<T>(props: TableProps<T>) {
  // If the row with the focus is gone, the focus moves to the heading of the screen.
  const place = useFocusThatStays<HTMLDivElement>(() => document.querySelector<HTMLElement>('main h2'));
  return (
    <div ref={place} class="rows">
      <Rows {...props} />
    </div>
  );
}

const classOf = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ') || undefined;
const columnClass = <T,>({ number, wide, grow }: Column<T>) =>
  classOf(number && 'end number', wide && 'wide', grow && 'grow');

/** A click in a row opens the target of its first link; buttons in it keep their own action. */
function openRow(event: MouseEvent): void {
  const { target, currentTarget } = event;
  if (!(target instanceof Element) || !(currentTarget instanceof Element)) return;
  if (target.closest('a, button, input, label, select, details') || String(getSelection()) !== '') return;
  currentTarget.querySelector<HTMLAnchorElement>('a[data-open]')?.click();
}

function Rows<T>({ label, items, columns, keyOf, empty, choosing }: TableProps<T>) {
  if (items.length === 0) return <>{empty ?? <Empty title={t('nothing')} hint={t('nothingHint')} />}</>;
  const current = route.value.panel?.id;
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {choosing && <ChooseAll items={items} keyOf={keyOf} choosing={choosing} />}
          {columns.map((column) => (
            <th key={column.head} scope="col" class={columnClass(column)}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => {
          const key = keyOf(item, index);
          return (
            // The keyboard uses the link in the row.
            <tr key={key} data-row={key} class={key === current ? 'current' : undefined} onClick={openRow}>
              {choosing && <Choose item={item} id={key} choosing={choosing} />}
              {columns.map((column) => (
                <td key={column.head} data-head={column.head} class={columnClass(column)}>
                  <div>{column.cell(item)}</div>
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Choose<T>({ item, id, choosing }: { item: T; id: string; choosing: Choosing<T> }) {
  const { chosen, nameOf, may } = choosing;
  return (
    <td class="choose">
      {(may?.(item) ?? true) && (
        <input
          type="checkbox"
          data-test="choose"
          aria-label={t('choose', nameOf(item))}
          checked={chosen.value.has(id)}
          onChange={(event) => {
            const next = new Set(chosen.peek());
            if (event.currentTarget.checked) next.add(id);
            else next.delete(id);
            chosen.value = next;
          }}
        />
      )}
    </td>
  );
}

function ChooseAll<T>({ items, keyOf, choosing }: Pick<TableProps<T>, 'items' | 'keyOf'> & { choosing: Choosing<T> }) {
  const ids = items.flatMap((item, index) => ((choosing.may?.(item) ?? true) ? [keyOf(item, index)] : []));
  const all = ids.length > 0 && ids.every((id) => choosing.chosen.value.has(id));
  return (
    <th scope="col" class="choose">
      <input
        type="checkbox"
        data-test="choose-all"
        aria-label={t('chooseAll')}
        checked={all}
        disabled={ids.length === 0}
        onChange={(event) => {
          choosing.chosen.value = event.currentTarget.checked ? new Set(ids) : new Set();
        }}
      />
    </th>
  );
}

const rhythmText = (seconds: Rhythm) => {
  if (seconds === '0') return t('off');
  return Number(seconds) < 60 ? t('seconds', seconds) : t('minutes', Number(seconds) / 60);
};

interface RefreshProps {
  at: number;
  refresh: () => void;
  /** Whether it also refreshes automatically, in the interval chosen here. */
  bySelf?: boolean | undefined;
}

export function Refresh({ at, refresh, bySelf }: RefreshProps) {
  return (
    <span class="refresh">
      {at > 0 && (
        <span class="soft number" data-test="as-of" title={clockTime(at)}>
          {t('asOf', clockTime(at).slice(11))}
        </span>
      )}
      {bySelf && (
        <select
          name="every"
          data-test="every"
          class="quiet"
          aria-label={t('every')}
          title={t('every')}
          value={every.value}
          onChange={(event) => {
            every.value = RHYTHMS.find((one) => one === event.currentTarget.value) ?? '10';
          }}
        >
          {RHYTHMS.map((one) => (
            <option key={one} value={one} selected={one === every.value}>
              {rhythmText(one)}
            </option>
          ))}
        </select>
      )}
      <button type="button" class="quiet" data-test="refresh" aria-label={t('refresh')} onClick={refresh}>
        <RefreshIcon /> <span>{t('refresh')}</span>
      </button>
    </span>
  );
}

function totalText({ count, more }: Total): string {
  if (more) return t('more', shownNumber(count));
  return count === 1 ? t('one') : t('total', shownNumber(count));
}

type ListViewProps<T> = Omit<TableProps<T>, 'items'> & {
  list: List<T>;
  /** The entries in another form than a table. */
  instead?: ComponentChildren;
};

export function ListView<T>({ list, instead, ...table }: ListViewProps<T>) {
  const { items, message, loading } = list;
  return (
    <div class="list" aria-busy={loading}>
      <Notice
        message={
          message && {
            ...message,
            after: (
              <button type="button" class="small" data-test="retry" onClick={list.refresh}>
                {t('retry')}
              </button>
            ),
          }
        }
      />
      {items && (items.length > 0 && instead ? instead : <Table {...table} items={items} />)}
      {!items && !message && <Skeleton rows={8} word={t('loading')} />}
      <Pager list={list} />
    </div>
  );
}

function Pager<T>({ list: { number, hasNext, total, items, previous, next } }: { list: List<T> }) {
  const paged = number > 1 || hasNext;
  if (!items || items.length === 0 || (!paged && !total)) return null;
  const pages = total && !total.more ? Math.max(Math.ceil(total.count / PAGE_SIZE), number) : undefined;
  return (
    <nav class="pager" aria-label={t('pages')}>
      {total && (
        <span class="soft number" data-test="total">
          {totalText(total)}
        </span>
      )}
      {paged && (
        <>
          <button type="button" class="small" data-test="previous" disabled={number === 1} onClick={previous}>
            <PreviousIcon /> {t('previous')}
          </button>
          <span class="soft number" data-test="page">
            {pages ? t('pageOf', shownNumber(number), shownNumber(pages)) : t('page', number)}
          </span>
          <button type="button" class="small" data-test="next" disabled={!hasNext} onClick={next}>
            {t('next')} <NextIcon />
          </button>
        </>
      )}
    </nav>
  );
}

/** Selected rows of a page; rows that disappear lose the selection. */
export function useChosen<T>(items: readonly T[] | undefined, keyOf: (item: T) => string) {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const there = new Set((items ?? []).map(keyOf));
    const left = [...chosen.peek()].filter((id) => there.has(id));
    if (left.length !== chosen.peek().size) chosen.value = new Set(left);
  }, [items]);
  return chosen;
}
