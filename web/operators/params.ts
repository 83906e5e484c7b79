/** One filter of a list, as a signal for a field, kept in the address. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { route, setParams } from './route';

/** `fallback` is the filter if the address does not name it; it is not written there. */
export function useParam<V extends string>(name: string, fallback: V, allowed?: readonly V[]): Signal<V> {
  const screen = useRef(`${route.peek().screen}/${route.peek().id}`);
  const read = (text: string = fallback): V =>
    // If there is no list of values, every text is one: V is string then.
    allowed && !allowed.some((one) => one === text) ? fallback : (text as V);
  const value = useSignal<V>(read(route.value.params[name]));
  // Back, forward, or a link: the address has changed. By the time this runs more may have been typed.
  useEffect(() => {
    value.value = read(route.peek().params[name]);
  }, [route.value.params[name]]);
  useEffect(
    () =>
      value.subscribe((next) => {
        const { screen: shown, id, params } = route.peek();
        if (`${shown}/${id}` !== screen.current) return;
        if (next !== (params[name] ?? fallback)) setParams({ [name]: next === fallback ? '' : next, page: '' });
      }),
    [],
  );
  return value;
}
