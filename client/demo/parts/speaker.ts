import { type RefObject, useEffect, useSyncExternalStore } from 'react';
import { recall, remember } from '../remembered.ts';

/** Not every browser leaves it to the page where sound goes. */
export const CAN_CHOOSE_SPEAKER = 'setSinkId' in HTMLMediaElement.prototype;

const listeners = new Set<() => void>();
let chosen = recall().speaker ?? '';

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The id of what plays all sound; empty: the system's choice. */
export function useSpeaker(): string {
  return useSyncExternalStore(subscribe, () => chosen);
}

export function chooseSpeaker(id: string): void {
  chosen = id;
  remember({ speaker: id });
  for (const listener of listeners) listener();
}

/** Has an element play where the user wants it; where that is gone, it plays where the system does. */
export function useSink(element: RefObject<HTMLMediaElement | null>): void {
  const id = useSpeaker();
  useEffect(() => {
    if (CAN_CHOOSE_SPEAKER && (element.current?.sinkId ?? '') !== id) element.current?.setSinkId(id).catch(() => {});
  }, [element, id]);
}
