/** Keeps the keyboard near where it was when what it was at goes. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Where what the keyboard was at is no longer drawn, the keyboard goes on at `next`: in the same step, so that no key
 * that is pressed meanwhile goes astray. To be used by the component whose drawing takes it away.
 */
export function useFocusThatStays<E extends HTMLElement>(next: (place: E) => HTMLElement | null | undefined) {
  const place = useRef<E>(null);
  const had = place.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (had && place.current && document.activeElement === document.body) next(place.current)?.focus();
  });
  return place;
}
