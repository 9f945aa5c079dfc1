// @vitest-environment happy-dom
import { StrictMode, useEffect } from 'react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Hyperroom } from '../index.ts';
import { FakePeerConnection } from '../testing/fake-media.ts';
import { ADDRESSES, admit, dataPush, dismissal, joining, respond } from '../testing/fake-room.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { fakeBrowser, roomWith, settle } from '../testing/join.ts';
import { HyperroomProvider, type Join, RoomProvider, useChat, useJoin } from './index.ts';
import { doing, type Mounted, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

const OPTIONS = { name: 'Ada', create: true } as const;

let client: Hyperroom;
/** What the component made of the newest state. */
let join: Join;
let mounted: Mounted;

function Page({ rooms = [] }: { rooms?: readonly string[] }) {
  const state = useJoin();
  const { status, room, join: enter } = state;
  join = state;
  useEffect(() => {
    for (const room of rooms) enter(room, OPTIONS);
  }, [enter, rooms]);
  return room ? (
    <RoomProvider room={room}>
      <Written />
    </RoomProvider>
  ) : (
    <p>{status}</p>
  );
}

function Written() {
  return (
    <p>
      {useChat()
        .messages.map(({ text }) => text)
        .join()}
    </p>
  );
}

const STANDUP = ['standup'];
const page = (rooms?: readonly string[]) => (
  <HyperroomProvider client={client}>
    <Page {...(rooms && { rooms })} />
  </HyperroomProvider>
);

beforeEach(() => {
  FakeSocket.made.length = 0;
  client = new Hyperroom({
    url: 'ws://example.org/dev',
    pool: 1,
    WebSocket: FakeSocket.asWebSocket,
    RTCPeerConnection: FakePeerConnection.asRTCPeerConnection,
  });
});

/** Lets the socket open, and the join reach the server. */
const ask = () =>
  doing(async () => {
    await settle();
    FakeSocket.last.open();
    await settle();
  });
const refuse = (body: Record<string, unknown>) =>
  doing(async () => {
    const socket = FakeSocket.last;
    socket.deliver([respond(socket.sent('create', ADDRESSES.registry)), respond(joining(socket).request, body)]);
    await settle();
  });
const letIn = () =>
  doing(async () => {
    admit(FakeSocket.last, (self) => roomWith(self, {}));
    await settle();
  });
/** Time for the room to begin, or for what is given up to be let go of. */
const pass = (milliseconds = 5_000) => doing(() => vi.advanceTimersByTimeAsync(milliseconds));
const open = () => FakeSocket.made.filter(({ readyState }) => readyState !== 3).length;
const joins = () => FakeSocket.made.flatMap(({ messages }) => messages).filter(isJoin).length;
const isJoin = ({ type, to }: { type: string; to: string }) => type === 'create' && to === ADDRESSES.conference;

describe('a join', () => {
  beforeEach(async () => {
    mounted = await mount(page());
  });

  test('goes from idle to joined, and is over when the room is', async () => {
    expect(join.status).toBe('idle');
    const entered = vi.fn();
    await doing(() => void join.join('standup', OPTIONS).then(entered));
    expect(join.status).toBe('joining');
    await ask();
    await letIn();
    expect(join).toMatchObject({ status: 'joined', room: { id: 'standup', state: 'connected' } });
    expect(entered).toHaveBeenCalledWith(join.room);
    const { id } = joining(FakeSocket.last);
    await doing(() => FakeSocket.last.deliver(dismissal(id, 'removed', 'be nice')));
    expect([join.status, join.room]).toEqual(['ended', undefined]);
    expect(join.ending).toEqual({ reason: 'removed', description: 'be nice' });
  });

  test('that waits for a moderator, or for a media server, says so', async () => {
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await refuse({ code: 202, waiting: true });
    expect(join.status).toBe('waiting');
    await doing(() => void join.join('retro', OPTIONS));
    await ask();
    await refuse({ code: 503, description: 'no media node is available', retryAfter: 3, starting: true });
    expect(join.status).toBe('starting');
  });

  test('that is refused has failed, and can be tried again', async () => {
    const entered = vi.fn();
    await doing(() => void join.join('standup', OPTIONS).then(entered));
    await ask();
    await refuse({ code: 423, description: 'the room is locked' });
    expect(join).toMatchObject({ status: 'failed', error: { code: 'locked' } });
    expect(entered).toHaveBeenCalledWith(undefined);
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await letIn();
    expect([join.status, join.error]).toEqual(['joined', undefined]);
    expect(joins()).toBe(2);
  });

  test('that is given up is idle, and leaves nothing behind', async () => {
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await doing(() => join.cancel());
    expect(join.status).toBe('idle');
    await pass();
    expect([join.status, open(), vi.getTimerCount()]).toEqual(['idle', 0, 0]);
  });

  test('that is done cannot be given up any more, but left by reset', async () => {
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await letIn();
    const { room } = join;
    await doing(() => join.cancel());
    expect(join.status).toBe('joined');
    await doing(() => join.reset());
    expect([join.status, room?.state]).toEqual(['idle', 'closed']);
    await pass();
    expect(open()).toBe(0);
  });

  test('of another room leaves the first one; of the same one it is the same', async () => {
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await letIn();
    const { room } = join;
    await doing(async () => expect(await join.join('standup', OPTIONS)).toBe(room));
    await doing(() => void join.join('retro', OPTIONS));
    expect([join.status, room?.state]).toEqual(['joining', 'closed']);
    await ask();
    await letIn();
    await pass();
    expect([join.room?.id, joins(), open()]).toEqual(['retro', 2, 1]);
  });

  test('ends with the component, on its way or done', async () => {
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await letIn();
    const { room } = join;
    await mounted.unmount();
    expect(room?.state).toBe('closed');
    mounted = await mount(page(STANDUP));
    await doing(settle);
    expect(open()).toBe(2);
    await mounted.unmount();
    await pass();
    expect([open(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  test('is not begun by a component that has gone meanwhile', async () => {
    const entered = vi.fn();
    await mounted.unmount();
    await doing(() => void join.join('standup', OPTIONS).then(entered));
    await pass();
    expect([entered.mock.calls, FakeSocket.made.length]).toEqual([[[undefined]], 0]);
  });

  test('what is written as soon as it is done is not missed', async () => {
    await doing(() => void join.join('standup', OPTIONS));
    await ask();
    await doing(async () => {
      admit(FakeSocket.last, (self) => roomWith(self, {}));
      FakeSocket.last.deliver(dataPush({ data: 'welcome' }, 'bob'));
      await settle();
    });
    expect(mounted.element.textContent).toBe('welcome');
  });
});

test('in StrictMode a join from an effect happens once, and nothing of it is left when the component goes', async () => {
  mounted = await mount(<StrictMode>{page(STANDUP)}</StrictMode>);
  await ask();
  await letIn();
  await pass();
  expect(join).toMatchObject({ status: 'joined', room: { state: 'connected' } });
  expect([FakeSocket.made.length, joins(), open()]).toEqual([1, 1, 1]);
  await mounted.unmount();
  await pass();
  expect([open(), vi.getTimerCount()]).toEqual([0, 0]);
  expect(FakePeerConnection.made.every(({ closed }) => closed)).toBe(true);
});

test('without a provider it says what is missing', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  await expect(mount(<Page />)).rejects.toThrow('<HyperroomProvider>');
});
