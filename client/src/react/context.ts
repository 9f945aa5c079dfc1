import { createContext, createElement, type ReactElement, type ReactNode, useContext, useEffect } from 'react';
import type { Hyperroom, Room, RoomEvents } from '../index.ts';
import { chatLogOf } from './chat-log.ts';
import { useView } from './subscribing.ts';

const ClientContext = createContext<Hyperroom | undefined>(undefined);
const RoomContext = createContext<Room | undefined>(undefined);

/** Of `HyperroomProvider`. */
export interface HyperroomProviderProps {
  /** What `useJoin` joins with: make it once, outside of components. */
  client: Hyperroom;
  children?: ReactNode;
}

/** Gives a client to the hooks below. */
export function HyperroomProvider({ client, children }: HyperroomProviderProps): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the `HyperroomProvider` above; throws if there is none. */
export function useHyperroom(): Hyperroom {
  return given(useContext(ClientContext), 'HyperroomProvider');
}

/** Of `RoomProvider`. */
export interface RoomProviderProps {
  /** A room that has been joined; it stays the caller's to leave. */
  room: Room;
  children?: ReactNode;
}

/** Gives a room to the hooks and components below, and keeps its chat for `useChat` for as long as it is shown. */
export function RoomProvider({ room, children }: RoomProviderProps): ReactElement {
  useEffect(() => chatLogOf(room).listen(), [room]);
  return createElement(RoomContext.Provider, { value: room }, children);
}

/** The room of the `RoomProvider` above; throws if there is none. */
export function useRoom(): Room {
  return given(useContext(RoomContext), 'RoomProvider');
}

/** What `read` gives of that room: see `useView`. */
export function useRoomView<T>(names: readonly (keyof RoomEvents)[], read: (room: Room) => T, about?: object): T {
  const room = useRoom();
  return useView(room, names, () => read(room), about);
}

function given<T>(value: T | undefined, provider: string): T {
  if (value === undefined) throw new Error(`No <${provider}> above`);
  return value;
}
