import type { Connection, IceServer } from '@hyperroom/protocol';
import { expect, test, vi } from 'vitest';
import { FakePeerConnection, fakeStream } from '../testing/fake-media.ts';
import { ADDRESSES, admit, answerTo, offered, participant } from '../testing/fake-room.ts';
import type { FakeSocket } from '../testing/fake-socket.ts';
import { answerUpdate, askedToJoin, fakeBrowser, roomWith, settle, updatesOf } from '../testing/join.ts';
import { CONNECTING, DIRECT, PACE } from './plan.ts';

fakeBrowser();

const relays = (host: string, until = 1): IceServer[] => [
  { urls: [`turn:${host}`, `turn:${host}?transport=tcp`], username: `${until}:ada`, credential: 'signed' },
];
const NEAR = relays('192.0.2.1');

/** Who publishes, and sees bob; of its four connections none stands yet. */
async function joined(iceServers: IceServer[] = NEAR): Promise<FakeSocket> {
  const { joined, socket } = await askedToJoin({ stream: fakeStream() });
  const others = { bob: participant('bob') };
  admit(
    socket,
    (self) => roomWith(self, others),
    ({ request }) =>
      offered(request).map(({ url, data }) => answerTo(url, data.publication ? undefined : bobOnce(url))),
    iceServers,
  );
  await joined;
  await settle();
  return socket;

  function bobOnce(url: string): string | undefined {
    const [, first] = offered(socket.sent('create', ADDRESSES.conference));
    return first?.url === url ? ADDRESSES.hyperty('bob') : undefined;
  }
}

/** What has been offered in one message each since the join. */
const offers = (socket: FakeSocket) =>
  updatesOf(socket).flatMap(({ connections }) => (connections ? [connections as Connection[]] : []));

const newest = (socket: FakeSocket): Connection[] => offers(socket).at(-1) ?? [];

const answerNewest = (socket: FakeSocket, iceServers = NEAR) =>
  answerUpdate(
    socket,
    { code: 200, version: 6, iceServers },
    newest(socket).map(({ url }) => answerTo(url)),
  );

/** The relays that the peer connections may go by, in the order in which they were made. */
const configured = () => FakePeerConnection.made.map(({ configuration }) => configuration.iceServers);

function becomeAll(state: RTCPeerConnectionState, pcs = FakePeerConnection.made): Promise<unknown> {
  for (const pc of pcs) pc.become(state);
  return settle();
}

test.each(['connecting', 'new'] as const)(
  'what finds no direct way is made again with the relays, once, while it goes on trying (%s)',
  async (state) => {
    const socket = await joined();
    expect(configured()).toEqual([[], [], [], []]);
    if (state === 'connecting') await becomeAll(state);
    await vi.advanceTimersByTimeAsync(DIRECT - 1);
    expect(offers(socket)).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(offers(socket)).toHaveLength(1);
    expect(newest(socket).map(({ data }) => data.direction)).toEqual(['publish', 'receive', 'receive', 'receive']);
    expect(configured().slice(4)).toEqual([NEAR, NEAR, NEAR, NEAR]);

    await answerNewest(socket);
    await becomeAll('connecting', FakePeerConnection.made.slice(4));
    await vi.advanceTimersByTimeAsync(1_000);
    // Spare ones are not missed.
    expect(FakePeerConnection.made.map(({ closed }) => closed)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    await vi.advanceTimersByTimeAsync(CONNECTING - 1_001);
    expect(offers(socket)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(offers(socket)).toHaveLength(2);
  },
);

test('a join that waited long for its answer has all the time to find a direct way', async () => {
  const { socket } = await askedToJoin({ stream: fakeStream() });
  await vi.advanceTimersByTimeAsync(DIRECT * 2);
  admit(
    socket,
    (self) => roomWith(self, {}),
    ({ request }) => offered(request).map(({ url }) => answerTo(url)),
    NEAR,
  );
  await vi.advanceTimersByTimeAsync(DIRECT - 1);
  expect(offers(socket)).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(offers(socket)).toHaveLength(1);
});

test('who has a direct way never hears of relays, whatever happens to it later', async () => {
  const socket = await joined();
  await becomeAll('connecting');
  await becomeAll('connected');
  await vi.advanceTimersByTimeAsync(CONNECTING);
  expect(offers(socket)).toEqual([]);
  await becomeAll('failed', FakePeerConnection.made.slice(0, 1));
  expect(offers(socket)).toHaveLength(1);
  expect(configured().at(-1)).toEqual([]);
});

test('who needs relays goes by them from the start from then on, with the newest credentials', async () => {
  const socket = await joined();
  await becomeAll('connecting');
  await vi.advanceTimersByTimeAsync(DIRECT);
  const tomorrow = relays('192.0.2.1', 2);
  await answerNewest(socket, tomorrow);
  await becomeAll('connected', FakePeerConnection.made.slice(4));
  await becomeAll('failed', FakePeerConnection.made.slice(4, 5));
  await vi.advanceTimersByTimeAsync(PACE.first);
  expect(offers(socket)).toHaveLength(2);
  expect(configured().at(-1)).toEqual(tomorrow);
});

test('relays that are called otherwise are tried as soon as those before turn out to be of no use', async () => {
  const socket = await joined();
  await becomeAll('connecting');
  await vi.advanceTimersByTimeAsync(DIRECT);
  const far = relays('198.51.100.1');
  await answerNewest(socket, far);
  await becomeAll('connecting', FakePeerConnection.made.slice(4));
  await vi.advanceTimersByTimeAsync(DIRECT - 1);
  expect(offers(socket)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(offers(socket)).toHaveLength(2);
  expect(configured().slice(8)).toEqual([far, far, far, far]);
});

test('where there are no relays nothing is hurried', async () => {
  const { socket } = await askedToJoin({ stream: fakeStream() });
  admit(
    socket,
    (self) => roomWith(self, {}),
    ({ request }) => offered(request).map(({ url }) => answerTo(url)),
  );
  await becomeAll('connecting');
  await vi.advanceTimersByTimeAsync(CONNECTING - 1);
  expect(offers(socket)).toEqual([]);
});
