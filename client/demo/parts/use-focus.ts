import { type RefObject, useEffect, useRef } from 'react';

/** Takes the focus when it appears: what whoever comes here most probably does next. It scrolls nothing out of sight. */
export function useFocus<Element extends HTMLElement>(): RefObject<Element | null> {
  const element = useRef<Element>(null);
  useEffect(() => element.current?.focus({ preventScroll: true }), []);
  return element;
}
