import { useCallback, useEffect, useMemo, useState } from 'react';
import type {
  Channel,
  ChannelEvents,
  ChannelOptions,
  Metadata,
  ResolvedRoomOptions,
  Room,
  RoomEvents,
  RoomState,
  RoomStats,
} from '../index.ts';
import { type Chat, chatLogOf } from './chat-log.ts';
import { useHyperroom, useRoom, useRoomView } from './context.ts';
import { Joining, type JoinRoomOptions, type JoinState } from './joining.ts';
import { remembered } from './sharing.ts';
import { every, useLatest, useStore } from './subscribing.ts';

const STATE = ['stateChanged'] as const;
const ROOM = ['roomChanged'] as const;
const PLAYBACK = ['playbackChanged'] as const;

const options = remembered((room: Room) => room.options);
const metadata = remembered((room: Room) => room.metadata);

/** What `useJoin` gives. */
export type Join = JoinState & {
  /**
   * Joins a room by the client of the `HyperroomProvider`; one that was joined before is left. Resolves with the room, or with undefined if
   * that comes to nothing, which the state says more of; rejects never. The room that is joined already, or on its way, is not joined again.
   */
  readonly join: (roomId: string, options: JoinRoomOptions) => Promise<Room | undefined>;
  /** Gives up a join that is on its way: the state is `idle` again. Nothing happens once it is joined. */
  readonly cancel: () => void;
  /** Leaves, or gives up, whatever there is: the state is `idle` again. */
  readonly reset: () => void;
};

/**
 * Joins rooms, one at a time, and tells how that goes. The room is left when the component goes.
 *
 * @example
 * const { status, room, join } = useJoin();
 * if (status === 'joined') return <Call room={room} />;
 * return <button onClick={() => join('standup', { name: 'Ada', create: true })}>Join</button>;
 */
export function useJoin(): Join {
  const client = useHyperroom();
  const [joining] = useState(() => new Joining());
  useEffect(() => joining.use(), [joining]);
  const state = useStore(joining);
  const join = useCallback(
    (roomId: string, options: JoinRoomOptions) => joining.join(client, roomId, options),
    [joining, client],
  );
  return { ...state, join, cancel: joining.cancel, reset: joining.reset };
}

/** Whether all is well with the room: `connected`, `reconnecting` or `closed`. */
export function useRoomState(): RoomState {
  return useRoomView(STATE, ({ state }) => state);
}

/** Whether there is a media server for the room; `waiting`: the room's media come back by themselves. */
export function useRoomMedia(): Room['media'] {
  return useRoomView(STATE, ({ media }) => media);
}

/** How the room is run. */
export function useRoomOptions(): ResolvedRoomOptions {
  return useRoomView(ROOM, options);
}

/** What the application says of the room. */
export function useRoomMetadata(): Metadata {
  return useRoomView(ROOM, metadata);
}

/** What `usePlayback` gives. */
export interface Playback {
  /** `blocked`: the browser plays no sound until the user has clicked. */
  readonly playback: Room['playback'];
  /** Plays what is blocked: call it in a click. */
  readonly start: () => Promise<void>;
}

/** Whether the browser plays the sound of the room. */
export function usePlayback(): Playback {
  const room = useRoom();
  const playback = useRoomView(PLAYBACK, () => room.playback);
  return { playback, start: () => room.startPlayback() };
}

/** The chat of the room, from the moment on that its `RoomProvider` was shown: the same for all components. */
export function useChat(): Chat {
  return useStore(chatLogOf(useRoom()));
}

/** Has the newest `listener` hear an event of the room. It causes no render. */
export function useRoomEvent<Name extends keyof RoomEvents>(
  name: Name,
  listener: (...args: RoomEvents[Name]) => void,
): void {
  const room = useRoom();
  const latest = useLatest(listener);
  useEffect(() => room.on(name, (...args) => latest.current(...args)), [room, name, latest]);
}

/**
 * Data of the application's own under a topic: has the newest `onMessage` hear it, and gives the channel to `send` by. Throws
 * `bad-request` if the topic is not 1 to 64 letters, digits or `. _ -`. `isValid` should be the same at each render.
 */
export function useChannel<T = unknown>(
  topic: string,
  onMessage: (...args: ChannelEvents<T>['message']) => void,
  { isValid }: ChannelOptions<T> = {},
): Channel<T> {
  const room = useRoom();
  const latest = useLatest(onMessage);
  const channel = useMemo(() => room.channel<T>(topic, isValid && { isValid }), [room, topic, isValid]);
  useEffect(() => channel.on('message', (...args) => latest.current(...args)), [channel, latest]);
  return channel;
}

/** What has been sent and received so far, asked every `interval` milliseconds (default 1,000); undefined before the first answer. */
export function useStats(interval = 1_000): RoomStats | undefined {
  const room = useRoom();
  const [stats, setStats] = useState<RoomStats>();
  useEffect(() => {
    const ask = () => void room.getStats().then(setStats);
    ask();
    return every(interval, ask);
  }, [room, interval]);
  return stats;
}
