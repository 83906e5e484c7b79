/** Tables that become cards on a phone, and the pages of a list. */
import type { ComponentChildren } from 'preact';
import { useFocusThatStays } from '../shared/focus';
import { clockTime } from '../shared/format';
import { translator } from '../shared/language';
import { Notice } from '../shared/parts';
import type { List } from './list';

const t = translator({
  previous: ['Previous', '上一页'],
  next: ['Next', '下一页'],
  page: ['Page {1}', '第 {1} 页'],
  loading: ['Loading …', '加载中…'],
  nothing: ['Nothing here.', '没有内容。'],
  pages: ['Pages', '分页'],
  asOf: ['as of {1}', '截至 {1}'],
  refresh: ['Refresh', '刷新'],
});

export interface Column<T> {
  head: string;
  cell: (item: T) => ComponentChildren;
  /** Numbers stand at the end of their column. */
  number?: boolean;
}

interface TableProps<T> {
  label: string;
  items: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (item: T, index: number) => string;
  empty?: string | undefined;
}

export function Table<T>(props: TableProps<T>) {
  // Where the row with the keyboard in it has gone, the keyboard goes on at the head of the screen.
  const place = useFocusThatStays<HTMLDivElement>(() => document.querySelector<HTMLElement>('main h2'));
  return (
    <div ref={place}>
      <Rows {...props} />
    </div>
  );
}

function Rows<T>({ label, items, columns, keyOf, empty }: TableProps<T>) {
  if (items.length === 0) return <p class="empty">{empty ?? t('nothing')}</p>;
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, number }) => (
            <th key={head} scope="col" class={number ? 'end' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          <tr key={keyOf(item, index)} data-row={keyOf(item, index)}>
            {columns.map(({ head, cell, number }) => (
              <td key={head} data-head={head} class={number ? 'end number' : undefined}>
                <div>{cell(item)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Refresh({ at, refresh }: { at: number; refresh: () => void }) {
  return (
    <span class="refresh">
      {at > 0 && (
        <span class="soft" data-test="as-of">
          {t('asOf', clockTime(at))}
        </span>
      )}
      <button type="button" data-test="refresh" onClick={refresh}>
        {t('refresh')}
      </button>
    </span>
  );
}

type ListViewProps<T> = Omit<TableProps<T>, 'items'> & { list: List<T> };

export function ListView<T>({ list, ...table }: ListViewProps<T>) {
  const { items, number, hasNext, loading, message } = list;
  return (
    <div class="list" aria-busy={loading}>
      <Notice message={message} />
      {items ? <Table {...table} items={items} /> : !message && <p class="empty">{t('loading')}</p>}
      {(number > 1 || hasNext) && (
        <nav class="pager" aria-label={t('pages')}>
          <button type="button" data-test="previous" disabled={number === 1} onClick={list.previous}>
            {t('previous')}
          </button>
          <span class="soft" data-test="page">
            {t('page', number)}
          </span>
          <button type="button" data-test="next" disabled={!hasNext} onClick={list.next}>
            {t('next')}
          </button>
        </nav>
      )}
    </div>
  );
}
