/** Lists of operators' calls, a page at a time: however many there are, one page is in memory and on the screen. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '../shared/parts';
import { call, filled, type Params, toMessage } from './api';
import type { Page } from './types';

const PAGE_SIZE = 50;
/** Typing asks when it pauses. */
const PAUSE_MS = 300;

export interface List<T> {
  items: readonly T[] | undefined;
  /** Milliseconds since 1970 of the last answer. */
  at: number;
  /** Pages from 1. */
  number: number;
  hasNext: boolean;
  loading: boolean;
  /** What went wrong with the last question; the items are those of the one before. */
  message: Message | undefined;
  refresh(): void;
  next(): void;
  previous(): void;
}

interface State<T> {
  items: readonly T[] | undefined;
  at: number;
  /** Where this page and those before it begin; the first is ''. */
  cursors: readonly string[];
  next: string;
  loading: boolean;
  message: Message | undefined;
}

const START = { items: undefined, at: 0, cursors: [''], next: '', loading: true, message: undefined } as const;

/** Answers may overtake each other: only the one to the last question counts. */
function loader<T>(state: Signal<State<T>>, asked: { last: number }) {
  return async (name: string, params: Params, cursors: readonly string[]) => {
    asked.last += 1;
    const mine = asked.last;
    state.value = { ...state.peek(), loading: true };
    const cursor = cursors.at(-1) ?? '';
    try {
      const { items, cursor: next } = await call<Page<T>>(name, filled({ ...params, limit: PAGE_SIZE, cursor }));
      if (mine === asked.last)
        state.value = { items, at: Date.now(), cursors, next, loading: false, message: undefined };
    } catch (error) {
      if (mine === asked.last) state.value = { ...state.peek(), loading: false, message: toMessage(error) };
    }
  };
}

export function useList<T>(name: string, params: Params): List<T> {
  const state = useSignal<State<T>>(START);
  const asked = useRef({ last: 0 });
  const load = loader(state, asked.current);
  const key = JSON.stringify(params);
  useEffect(() => {
    // The first question at once, later ones when the filters are left alone.
    const timer = setTimeout(() => void load(name, params, ['']), asked.current.last === 0 ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [name, key]);
  const { items, at, cursors, next, loading, message } = state.value;
  return {
    items,
    at,
    number: cursors.length,
    hasNext: next !== '',
    loading,
    message,
    refresh: () => void load(name, params, cursors),
    next: () => void load(name, params, [...cursors, next]),
    previous: () => void load(name, params, cursors.slice(0, -1)),
  };
}

/** Calls `refresh` every so many seconds while the page is looked at; 0 = never. */
export function useEvery(seconds: number, refresh: () => void): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, seconds * 1_000);
    return () => clearInterval(timer);
  }, [seconds]);
}

export interface Detail<T> {
  data: T | undefined;
  at: number;
  message: Message | undefined;
  refresh(): void;
}

/** The answer of one call, asked again on demand. */
export function useDetail<T>(name: string, params: Params): Detail<T> {
  const state = useSignal<Omit<Detail<T>, 'refresh'>>({ data: undefined, at: 0, message: undefined });
  const asked = useRef(0);
  const key = JSON.stringify(params);
  const load = async () => {
    asked.current += 1;
    const mine = asked.current;
    try {
      const data = await call<T>(name, params);
      if (mine === asked.current) state.value = { data, at: Date.now(), message: undefined };
    } catch (error) {
      if (mine === asked.current) state.value = { ...state.peek(), message: toMessage(error) };
    }
  };
  useEffect(() => void load(), [name, key]);
  return { ...state.value, refresh: () => void load() };
}
