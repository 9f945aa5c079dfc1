import { createContext, createElement, type ReactElement, type ReactNode, useContext, useEffect } from 'react';
import type { Hyperroom, Room } from '../index.ts';
import { chatLogOf } from './chat-log.ts';

const ClientContext = createContext<Hyperroom | undefined>(undefined);
const RoomContext = createContext<Room | undefined>(undefined);

export interface HyperroomProviderProps {
  /** What `useJoin` joins with: make it once, outside of components. */
  client: Hyperroom;
  children?: ReactNode;
}

/** Gives a client to the hooks below. */
export function HyperroomProvider({ client, children }: HyperroomProviderProps): ReactElement {
  return createElement(ClientContext, { value: client }, children);
}

/** The client of the `HyperroomProvider` above; throws if there is none. */
export function useHyperroom(): Hyperroom {
  return given(useContext(ClientContext), 'HyperroomProvider');
}

export interface RoomProviderProps {
  /** A room that has been joined; it stays the caller's to leave. */
  room: Room;
  children?: ReactNode;
}

/** Gives a room to the hooks and components below, and keeps its chat for `useChat` for as long as it is shown. */
export function RoomProvider({ room, children }: RoomProviderProps): ReactElement {
  useEffect(() => chatLogOf(room).listen(), [room]);
  return createElement(RoomContext, { value: room }, children);
}

/** The room of the `RoomProvider` above; throws if there is none. */
export function useRoom(): Room {
  return given(useContext(RoomContext), 'RoomProvider');
}

function given<T>(value: T | undefined, provider: string): T {
  if (value === undefined) throw new Error(`This needs a <${provider}> above it`);
  return value;
}
