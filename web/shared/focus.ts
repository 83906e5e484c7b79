/** Keeps the focus in place when the focused element disappears. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * If the focused element is no longer drawn, the focus moves to `next`: in the same step, so that no key
 * press is lost. Used by the component whose drawing removes the element.
 */
export function useFocusThatStays<E extends HTMLElement>(next: (place: E) => HTMLElement | null | undefined) {
  const place = useRef<E>(null);
  const had = place.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (had && place.current && document.activeElement === document.body) next(place.current)?.focus();
  });
  return place;
}
