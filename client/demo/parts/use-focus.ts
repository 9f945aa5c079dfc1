import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Takes the focus as soon as it is there, so that no key is lost: what whoever comes here most probably does next. It scrolls nothing out
 * of sight.
 */
export function useFocus<Element extends HTMLElement>(): RefObject<Element | null> {
  const element = useRef<Element>(null);
  useLayoutEffect(() => element.current?.focus({ preventScroll: true }), []);
  return element;
}
