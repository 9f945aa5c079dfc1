import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PeerConnections } from './peer-connections.ts';
import { FakePeerConnection } from './testing/fake-media.ts';
import { stubBrowser } from './testing/join.ts';

beforeEach(stubBrowser);
afterEach(() => vi.unstubAllGlobals());

test('what was made ahead is taken first, each once, and more is made as needed', async () => {
  const peers = new PeerConnections(FakePeerConnection.asRTCPeerConnection);
  await peers.prepare(2);
  await peers.prepare(2);
  const [first, second] = [...FakePeerConnection.made];
  expect(FakePeerConnection.made).toHaveLength(2);
  const taken = await peers.take(3, 'VP8');
  expect(taken.map(({ pc }) => pc)).toEqual([first, second, FakePeerConnection.made[2]]);
  expect(taken.map(({ direction }) => direction)).toEqual(['receive', 'receive', 'receive']);
  expect((await peers.take(1, 'VP8')).map(({ pc }) => pc)).toEqual([FakePeerConnection.made[3]]);
});

test('nothing made ahead is bound to an address before it is taken', async () => {
  const peers = new PeerConnections(FakePeerConnection.asRTCPeerConnection);
  await peers.prepare(1);
  expect(FakePeerConnection.made.map(({ localDescription }) => localDescription)).toEqual([null]);
});
