/** A screen that is one list: its name, filters or buttons, and the pages of the list. */
import type { ComponentChildren } from 'preact';
import { AddIcon } from '../shared/icons';
import { type List, useEvery } from './list';
import { every } from './rhythm';
import { Screen } from './screen';
import { type Choosing, type Column, ListView, Refresh } from './table';

interface ListScreenProps<T> {
  title: string;
  /** Name of the table; by default the title. */
  label?: string;
  list: List<T>;
  columns: readonly Column<T>[];
  keyOf: (item: T) => string;
  /** Replaces an empty list without filters. */
  empty?: ComponentChildren;
  /** Pills after the title. */
  state?: ComponentChildren;
  /** Before the refresh button. */
  tools?: ComponentChildren;
  /** Between the head and the list. */
  children?: ComponentChildren;
  choosing?: Choosing<T> | undefined;
  /** Whether it refreshes automatically. */
  bySelf?: boolean;
  /** The entries in another form than a table. */
  instead?: ComponentChildren;
}

export function ListScreen<T>(props: ListScreenProps<T>) {
  const {
    title,
    label = title,
    list,
    columns,
    keyOf,
    empty,
    state,
    tools,
    children,
    choosing,
    bySelf,
    instead,
  } = props;
  useEvery(bySelf ? Number(every.value) : 0, list.refresh);
  return (
    <Screen
      title={title}
      state={state}
      tools={
        <>
          <Refresh at={list.at} refresh={list.refresh} bySelf={bySelf} />
          {tools}
        </>
      }
    >
      {children}
      <ListView
        list={list}
        label={label}
        columns={columns}
        keyOf={keyOf}
        empty={empty}
        choosing={choosing}
        instead={instead}
      />
    </Screen>
  );
}

interface AddButtonProps {
  word: string;
  /** Opens the form to add an item. */
  ask: (after: () => void) => void;
  after: () => void;
}

/** The way to one more entry of the list. */
export function AddButton({ word, ask, after }: AddButtonProps) {
  return (
    <button type="button" class="primary" data-test="add" onClick={() => ask(after)}>
      <AddIcon /> {word}
    </button>
  );
}
