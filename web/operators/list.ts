/** Lists of operators' calls, a page at a time: one page is in memory and on the screen, for lists of any length. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '../shared/parts';
import { call, filled, type Params, toMessage } from './api';
import { route, setParams } from './route';
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
  /** The error of the last request; the items are those of the previous one. */
  message: Message | undefined;
  /** Number of items on all pages; undefined if the call does not return it. */
  total: Total | undefined;
  refresh(): void;
  next(): void;
  previous(): void;
}

export interface Total {
  count: number;
  /** It is counted no further than this. */
  more: boolean;
}

interface State<T> {
  items: readonly T[] | undefined;
  at: number;
  cursor: string;
  next: string;
  total: Total | undefined;
  loading: boolean;
  message: Message | undefined;
}

const START = {
  items: undefined,
  at: 0,
  cursor: '',
  next: '',
  total: undefined,
  loading: true,
  message: undefined,
} as const;

/** Answers may overtake each other: only the one to the last question counts. */
function loader<T>(state: Signal<State<T>>, asked: { last: number }) {
  return async (name: string, params: Params, cursor: string) => {
    asked.last += 1;
    const mine = asked.last;
    state.value = { ...state.peek(), loading: true };
    try {
      const answer = await call<Page<T>>(name, filled({ ...params, limit: PAGE_SIZE, cursor }));
      if (mine !== asked.last) return;
      const { items, cursor: next, total, totalIsMore } = answer;
      const counted = total === undefined ? undefined : { count: total, more: totalIsMore === true };
      state.value = { items, at: Date.now(), cursor, next, total: counted, loading: false, message: undefined };
    } catch (error) {
      if (mine === asked.last) state.value = { ...state.peek(), loading: false, message: toMessage(error) };
    }
  };
}

/** The page in the address: its number and its start, `3.cursor`; '' is the first. */
function pageOf(text: string): { number: number; cursor: string } {
  const [, number = '1', cursor = ''] = /^(\d{1,6})\.(.+)$/.exec(text) ?? [];
  return { number: Number(number), cursor };
}

export function useList<T>(name: string, params: Params): List<T> {
  const state = useSignal<State<T>>(START);
  const asked = useRef({ last: 0 });
  /** Starts of the earlier pages that were shown here, by their number. */
  const seen = useRef(new Map<number, string>());
  const load = loader(state, asked.current);
  const page = route.value.params['page'] ?? '';
  const { number, cursor } = pageOf(page);
  const key = JSON.stringify(params);
  useEffect(() => {
    seen.current.set(number, page);
    // The first request immediately, later ones when the filters stay unchanged for a moment; page changes do not wait.
    const turned = asked.current.last > 0 && cursor !== state.peek().cursor;
    const wait = asked.current.last === 0 || turned ? 0 : PAUSE_MS;
    const timer = setTimeout(() => void load(name, params, cursor), wait);
    return () => clearTimeout(timer);
  }, [name, key, page]);
  const { items, at, next, total, loading, message } = state.value;
  return {
    items,
    at,
    number,
    hasNext: next !== '',
    total,
    loading,
    message,
    refresh: () => void load(name, params, cursor),
    next: () => setParams({ page: `${number + 1}.${next}` }),
    // The way back is unknown after a reload on a later page: it leads to the first one.
    previous: () => setParams({ page: (number > 2 && seen.current.get(number - 1)) || '' }),
  };
}

/** Calls `refresh` every `seconds` while the page is visible; 0 = never. */
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
