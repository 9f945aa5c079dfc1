import { type RefObject, useLayoutEffect, useRef } from 'react';

/** What was given at the newest render, for listeners that outlast it. */
export function useLatest<T>(value: T): Readonly<RefObject<T>> {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
