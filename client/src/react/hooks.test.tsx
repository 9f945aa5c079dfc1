// @vitest-environment happy-dom
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { LocalParticipant, Participant, RemotePublication, Room } from '../index.ts';
import { dataPush, participant, roomUpdate } from '../testing/fake-room.ts';
import { answerUpdate, fakeBrowser, settle } from '../testing/join.ts';
import {
  Call,
  RoomProvider,
  useActiveSpeakers,
  useAudioLevel,
  useChannel,
  useChat,
  useIsSpeaking,
  useLocalParticipant,
  useMetadata,
  useParticipant,
  useParticipants,
  usePlayback,
  usePublications,
  useQuality,
  useRemoteParticipants,
  useRoomEvent,
  useRoomMedia,
  useRoomMetadata,
  useRoomOptions,
  useRoomState,
  useStats,
  useWaiting,
} from './index.ts';
import { callOf } from './testing/call-of.ts';
import { listeners } from './testing/listening.ts';
import { doing, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

/** Renders a hook below the provider of a room: `results` has what it gave each time, the newest last. */
async function inRoom<T>(room: Room, hook: () => T) {
  const results: T[] = [];
  function User() {
    results.push(hook());
    return null;
  }
  const mounted = await mount(
    <RoomProvider room={room}>
      <User />
    </RoomProvider>,
  );
  return { ...mounted, results, newest: () => results.at(-1) };
}

const named = (room: Room, name: string): Participant => {
  const found = room.participants.get(name);
  if (!found) throw new Error(`${name} is not there`);
  return found;
};

describe('a participant', () => {
  test('is a plain object, of which only what changes is another one', async () => {
    const { room, socket } = await callOf(['bob', 'cyd']);
    const { results, newest } = await inRoom(room, () => useParticipant(named(room, 'bob')));
    const before = newest();
    expect(before).toMatchObject({
      id: 'bob',
      name: 'bob',
      isLocal: false,
      role: 'participant',
      status: 'live',
      muted: { microphone: false, camera: false, screen: false },
      publications: { main: { name: 'main', sources: ['microphone', 'camera'], isSubscribed: true, isShown: true } },
    });
    await doing(() => socket.deliver(roomUpdate(6, 'participants.cyd.muted', ['camera'])));
    expect(results).toHaveLength(1);
    await doing(() => socket.deliver(roomUpdate(7, 'participants.bob.blocked', ['camera'])));
    expect(newest()).toMatchObject({ muted: { camera: true }, blocked: { camera: true, microphone: false } });
    expect(before?.muted.camera).toBe(false);
    expect(newest()?.publications).toBe(before?.publications);
    expect(newest()?.metadata).toBe(before?.metadata);
  });

  test('is the same object for all components, and at each render', async () => {
    const { room } = await callOf(['bob']);
    const bob = named(room, 'bob');
    const one = await inRoom(room, () => [useParticipant(bob), useState(0)[1]] as const);
    const other = await inRoom(room, () => useParticipant(bob));
    await doing(() => one.newest()?.[1](1));
    expect(one.results).toHaveLength(2);
    expect(new Set([...one.results.map(([view]) => view), ...other.results]).size).toBe(1);
  });

  test('that is local is told as such', async () => {
    const { room } = await callOf([]);
    const { newest } = await inRoom(room, () => useParticipant(useLocalParticipant()));
    expect(newest()).toMatchObject({
      isLocal: true,
      publications: { main: { isShown: true, isSeen: true, paused: [] } },
    });
  });

  test('has publications that come, change and go, without a render for its muting', async () => {
    const { room, socket } = await callOf(['bob']);
    const bob = named(room, 'bob');
    const { results, newest } = await inRoom(room, () => usePublications(bob));
    await doing(() => socket.deliver(roomUpdate(6, 'participants.bob.muted', ['microphone'])));
    expect(results).toHaveLength(1);
    await doing(() => newest()?.main && (bob.publications.get('main') as RemotePublication).pause('video'));
    expect(newest()?.main?.paused).toEqual(['video']);
    await doing(() => socket.deliver(roomUpdate(7, 'participants.bob.publications.main.sources', ['microphone'])));
    expect(newest()?.main?.sources).toEqual(['microphone']);
    await doing(() => socket.deliver(roomUpdate(8, 'participants.bob.publications', {})));
    expect(newest()).toEqual({});
  });

  test('has metadata', async () => {
    const { room, socket } = await callOf(['bob']);
    const { results } = await inRoom(room, () => useMetadata(named(room, 'bob')));
    await doing(() => socket.deliver(roomUpdate(6, 'participants.bob.muted', ['microphone'])));
    await doing(() => socket.deliver(roomUpdate(7, 'participants.bob.metadata', { hand: 'up' })));
    expect(results).toEqual([{}, { hand: 'up' }]);
  });

  test('speaks, and is so loud', async () => {
    const { room, voiceOf } = await callOf(['bob']);
    const bob = named(room, 'bob');
    const { newest } = await inRoom(room, () => [useIsSpeaking(bob), useAudioLevel(bob), useActiveSpeakers()] as const);
    expect(newest()).toEqual([false, 0, []]);
    voiceOf('bob').level = 0.5;
    await doing(() => vi.advanceTimersByTimeAsync(1_000));
    expect(newest()).toEqual([true, 0.5, [bob]]);
  });

  test('is received well, or not', async () => {
    const { room } = await callOf(['bob', 'cyd']);
    const { results } = await inRoom(room, () => useQuality(named(room, 'bob')));
    await doing(() => vi.advanceTimersByTimeAsync(10_000));
    expect(results).toEqual(['unknown', 'lost']);
  });
});

describe('a room', () => {
  test('has participants: a list that changes when they do', async () => {
    const { room, socket } = await callOf(['bob']);
    const { results, newest } = await inRoom(room, () => [useParticipants(), useRemoteParticipants()] as const);
    await doing(() => socket.deliver(roomUpdate(6, 'participants.bob.muted', ['camera'])));
    expect(results).toHaveLength(1);
    await doing(() => socket.deliver(roomUpdate(7, 'participants.cyd', participant('cyd'))));
    expect(newest()).toEqual([
      [room.localParticipant, named(room, 'bob'), named(room, 'cyd')],
      [named(room, 'bob'), named(room, 'cyd')],
    ]);
  });

  test('is lost, waits for its media, comes back and is closed', async () => {
    const { room, socket } = await callOf(['bob']);
    const { results } = await inRoom(room, () => `${useRoomState()} ${useRoomMedia()}`);
    await doing(() => socket.deliver(roomUpdate(6, 'media', 'waiting')));
    await doing(() => socket.deliver(roomUpdate(7, 'media', 'ready')));
    await doing(() => void room.leave());
    expect(results).toEqual(['connected ready', 'reconnecting waiting', 'connected ready', 'closed ready']);
  });

  test('has options and metadata of its own', async () => {
    const { room, socket } = await callOf([]);
    const { results, newest } = await inRoom(room, () => [useRoomOptions(), useRoomMetadata()] as const);
    await doing(() => socket.deliver(roomUpdate(6, 'metadata', { title: 'Stand-up' })));
    const [options, metadata] = newest() ?? [];
    expect([options?.locked, metadata?.title]).toEqual([false, 'Stand-up']);
    expect(options).toBe(results[0]?.[0]);
  });

  test('has those who wait', async () => {
    const { room, socket } = await callOf([]);
    const { newest } = await inRoom(room, () => useWaiting().map(({ name }) => name));
    expect(newest()).toEqual([]);
    const zoe = {
      hypertyURL: 'hyperty://example.org/zoe',
      domain: 'example.org',
      identity: { name: 'Zoe', user: 'user://example.org/zoe' },
      since: '2026-01-01T00:00:00Z',
    };
    await doing(() => socket.deliver(roomUpdate(6, 'waiting.zoe', zoe)));
    expect(newest()).toEqual(['Zoe']);
  });

  test('has statistics, asked now and then', async () => {
    const { room } = await callOf(['bob']);
    const { newest, unmount } = await inRoom(room, () => useStats(500));
    await doing(settle);
    const first = newest();
    expect(first).toMatchObject({ sent: [], received: [], totals: { bytesReceived: 0 } });
    await doing(() => vi.advanceTimersByTimeAsync(500));
    expect(newest()?.time).toBe((first?.time ?? 0) + 500);
    const asked = vi.spyOn(room, 'getStats');
    await unmount();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).not.toHaveBeenCalled();
  });

  test('has events for the newest listener', async () => {
    const { room, socket } = await callOf([]);
    const heard: string[] = [];
    const { newest } = await inRoom(room, () => {
      const [count, setCount] = useState(1);
      useRoomEvent('participantJoined', ({ name }) => void heard.push(`${name} ${count}`));
      return setCount;
    });
    await doing(() => newest()?.(2));
    await doing(() => socket.deliver(roomUpdate(6, 'participants.bob', participant('bob'))));
    expect(heard).toEqual(['bob 2']);
  });

  test('has channels: what is sent by one, and what comes that is valid', async () => {
    const { room, socket } = await callOf(['bob']);
    const heard: unknown[] = [];
    const isText = (data: unknown): data is string => typeof data === 'string';
    const { results } = await inRoom(room, () => {
      const channel = useChannel<string>('reactions', (data, from) => void heard.push(data, from?.name), {
        isValid: isText,
      });
      return [channel, useState(0)[1]] as const;
    });
    await doing(() => results[0]?.[1](1));
    const push = (id: string, topic: string, data: unknown) => socket.deliver(dataPush({ id, topic, data }, 'bob'));
    await doing(() => {
      push('1', 'reactions', '👏');
      push('2', 'reactions', 7);
      push('3', 'another', '👎');
    });
    expect(heard).toEqual(['👏', 'bob']);
    expect(results[1]?.[0]).toBe(results[0]?.[0]);
    results[0]?.[0].send('🎉').catch(() => {});
    expect(socket.sent('create').body).toMatchObject({ value: { topic: 'reactions', data: '🎉' } });
  });
});

test('what acts on the local participant does so without a render of its own', async () => {
  const { room, socket } = await callOf([]);
  const { results, newest } = await inRoom(room, (): LocalParticipant => useLocalParticipant());
  await doing(async () => {
    newest()?.mute('camera');
    await settle();
    await answerUpdate(socket);
  });
  expect(results).toEqual([room.localParticipant]);
});

test('when all of it has gone, nobody listens to the room any more', async () => {
  const { room } = await callOf(['bob', 'cyd']);
  const listening = listeners(room);
  const { unmount } = await inRoom(room, () => {
    useParticipant(useParticipants()[1] ?? room.localParticipant);
    useChat();
    usePlayback();
    useStats();
    useRoomEvent('muted', () => {});
    useChannel('reactions', () => {});
    return useRoomState();
  });
  const call = await mount(<Call room={room} />);
  expect(listening.count).toBeGreaterThan(40);
  await unmount();
  await call.unmount();
  expect(listening.count).toBe(0);
});
