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
import { repeat } from '../insight/repeat.ts';
import { type Chat, chatLogOf } from './chat-log.ts';
import { useRoom } from './context.ts';
import { remembered } from './sharing.ts';
import { useLatest, useStore, useView } from './subscribing.ts';

const STATE = ['stateChanged'] as const;
const ROOM = ['roomChanged'] as const;
const PLAYBACK = ['playbackChanged'] as const;

const options = remembered((room: Room) => room.options);
const metadata = remembered((room: Room) => room.metadata);

/** Whether all is well with the room: `connected`, `reconnecting` or `closed`. */
export function useRoomState(): RoomState {
  const room = useRoom();
  return useView(room, STATE, () => room.state);
}

/** Whether there is a media server for the room; `waiting`: the room's media come back by themselves. */
export function useRoomMedia(): Room['media'] {
  const room = useRoom();
  return useView(room, STATE, () => room.media);
}

/** How the room is run. */
export function useRoomOptions(): ResolvedRoomOptions {
  const room = useRoom();
  return useView(room, ROOM, () => options(room));
}

/** What the application says of the room. */
export function useRoomMetadata(): Metadata {
  const room = useRoom();
  return useView(room, ROOM, () => metadata(room));
}

export interface Playback {
  /** `blocked`: the browser plays no sound until the user has clicked. */
  readonly playback: Room['playback'];
  /** Plays what is blocked: call it in a click. */
  readonly start: () => Promise<void>;
}

/** Whether the browser plays the sound of the room. */
export function usePlayback(): Playback {
  const room = useRoom();
  const playback = useView(room, PLAYBACK, () => room.playback);
  const start = useCallback(() => room.startPlayback(), [room]);
  return useMemo(() => ({ playback, start }), [playback, start]);
}

/** The chat of the room, from the moment on that its `RoomProvider` was shown: the same for all components. */
export function useChat(): Chat {
  return useStore(chatLogOf(useRoom()).chat);
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
 * `bad-request` if the topic is not 1 to 64 letters, digits or `. _ -`.
 */
export function useChannel<T = unknown>(
  topic: string,
  onMessage: (...args: ChannelEvents<T>['message']) => void,
  { isValid }: ChannelOptions<T> = {},
): Channel<T> {
  const room = useRoom();
  const latest = useLatest({ onMessage, isValid });
  const channel = useMemo(() => {
    const isData = (data: unknown): data is T => latest.current.isValid?.(data) ?? true;
    return room.channel<T>(topic, { isValid: isData });
  }, [room, topic, latest]);
  useEffect(() => channel.on('message', (...args) => latest.current.onMessage(...args)), [channel, latest]);
  return channel;
}

/** What has been sent and received so far, asked every `interval` milliseconds (default 1,000); undefined before the first answer. */
export function useStats(interval = 1_000): RoomStats | undefined {
  const room = useRoom();
  const [stats, setStats] = useState<RoomStats>();
  useEffect(() => repeat(interval, () => room.getStats().catch(() => undefined), setStats), [room, interval]);
  return stats;
}
