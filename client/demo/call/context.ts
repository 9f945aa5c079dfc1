import { createContext, useContext } from 'react';
import type { LocalMedia } from '../../src/devices/index.ts';
import type { Room } from '../../src/index.ts';
import { Reactions } from './reactions/reactions.ts';
import type { Store } from './store.ts';
import { Toasts } from './toasts.ts';
import { newUi, type Ui } from './ui.ts';

/** What everything in a call has in common; the same objects as long as it lasts. */
export interface Call {
  readonly room: Room;
  readonly media: LocalMedia;
  /** What brings others into the room. */
  readonly link: string;
  readonly ui: Store<Ui>;
  readonly toasts: Toasts;
  readonly reactions: Reactions;
  /** Does what a button is for, and says so if it could not be done. */
  readonly attempt: (action: () => Promise<unknown>) => Promise<boolean>;
}

export interface CallOf {
  room: Room;
  media: LocalMedia;
  link: string;
}

export function newCall({ room, media, link }: CallOf): Call {
  const toasts = new Toasts();
  return { room, media, link, ui: newUi(), toasts, reactions: new Reactions(room), attempt: toasts.attempt };
}

const CallContext = createContext<Call | undefined>(undefined);

export const CallProvider = CallContext.Provider;

export function useCall(): Call {
  const call = useContext(CallContext);
  if (!call) throw new Error('useCall is for what a CallPage is made of');
  return call;
}
