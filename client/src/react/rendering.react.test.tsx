// @vitest-environment happy-dom
import { Profiler } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { Hyperroom } from '../index.ts';
import { dataPush, roomUpdate } from '../testing/fake-room.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { fakeBrowser } from '../testing/join.ts';
import { HyperroomProvider, RoomProvider, useJoin, useParticipants, VideoTile } from './index.ts';
import { callOf } from './testing/call-of.ts';
import { doing, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

const OTHERS = ['bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida'];

test('of nine <VideoTile> a mute renders one, who speaks one, what is written none', async () => {
  const rendered: string[] = [];
  function Grid() {
    return useParticipants().map((participant) => (
      <Profiler key={participant.id} id={participant.id} onRender={(id) => void rendered.push(id)}>
        <VideoTile participant={participant} />
      </Profiler>
    ));
  }
  const { room, socket, voiceOf } = await callOf(OTHERS);
  await mount(
    <RoomProvider room={room}>
      <Grid />
    </RoomProvider>,
  );
  expect(rendered).toEqual([room.localParticipant.id, ...OTHERS]);
  const renderedBy = async (what: () => unknown) => {
    rendered.length = 0;
    await doing(what);
    return [...rendered];
  };
  const mute = roomUpdate(6, 'participants.cyd.muted', ['microphone', 'camera']);
  expect(await renderedBy(() => socket.deliver(mute))).toEqual(['cyd']);
  const speak = async () => {
    voiceOf('dan').level = 0.5;
    await vi.advanceTimersByTimeAsync(1_000);
  };
  expect(await renderedBy(speak)).toEqual(['dan']);
  expect(await renderedBy(() => socket.deliver(dataPush({ data: 'good morning' }, 'bob')))).toEqual([]);
});

test('a page that joins can be rendered on a server', () => {
  const client = new Hyperroom({ url: 'wss://example.org', WebSocket: FakeSocket.asWebSocket });
  function Page() {
    return <p>{useJoin().status}</p>;
  }
  expect(
    renderToString(
      <HyperroomProvider client={client}>
        <Page />
      </HyperroomProvider>,
    ),
  ).toBe('<p>idle</p>');
});
