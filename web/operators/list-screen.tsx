/** A screen that is one list: its name, what was done last, filters or buttons, and the pages of the list. */
import type { ComponentChildren } from 'preact';
import type { List } from './list';
import { Screen } from './screen';
import { type Column, ListView, Refresh } from './table';

interface ListScreenProps<T> {
  title: string;
  /** What the table is called; the title where it is left out. */
  label?: string;
  list: List<T>;
  columns: readonly Column<T>[];
  keyOf: (item: T) => string;
  /** In place of an empty table. */
  empty?: string | undefined;
  /** Between the head and the list. */
  children?: ComponentChildren;
}

export function ListScreen<T>({ title, label = title, list, columns, keyOf, empty, children }: ListScreenProps<T>) {
  return (
    <Screen title={title} tools={<Refresh at={list.at} refresh={list.refresh} />}>
      {children}
      <ListView list={list} label={label} columns={columns} keyOf={keyOf} empty={empty} />
    </Screen>
  );
}

interface AddButtonProps {
  word: string;
  /** Asks for what is to be added. */
  ask: (after: () => void) => void;
  after: () => void;
}

/** The way to one more entry of the list. */
export function AddButton({ word, ask, after }: AddButtonProps) {
  return (
    <div class="actions">
      <button type="button" class="primary" data-test="add" onClick={() => ask(after)}>
        {word}
      </button>
    </div>
  );
}
