import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { joinRoom } from './joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, WAIT } from './signalling.ts';

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(3);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const ROOM = at.room('wordy');
const metadata = { of: 'x'.repeat(1000) };

it('a join that makes of a room more than a message carries is refused, and leaves nobody behind', async () => {
  const create = { capacity: 100 };
  let refused: number | undefined;
  for (let index = 0; index < 100 && refused === undefined; index++) {
    const peer = await signalling.client();
    const name = `wordy-${index}`;
    const accepted = joinRoom(peer, node, name, 'wordy', { create, metadata });
    // The node is not asked about a join that is refused.
    accepted.catch(() => {});
    const { body } = await Promise.race([accepted, peer.responseTo(`join-${name}`)]);
    if (body?.code !== 200) refused = index;
    else expect(JSON.stringify(body).length).toBeLessThan(128 * 1024);
  }
  expect(refused).toBeGreaterThan(40);
  const roster = () => Object.keys(node.roster(ROOM)?.participants ?? {});
  await vi.waitFor(() => expect(roster()).toHaveLength(refused ?? 0), WAIT);
  // Whoever says less of himself still finds a place.
  const brief = await joinRoom(await signalling.client(), node, 'brief', 'wordy', { connections: [] });
  expect(brief.body).toMatchObject({ code: 200 });
});
