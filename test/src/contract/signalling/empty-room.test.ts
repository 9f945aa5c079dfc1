import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aJoin, participant } from './joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, WAIT } from './signalling.ts';

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(15);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

/** A room that everybody has left. */
async function deserted(room: string, emptyTimeout: number) {
  const { leave, peer } = await participant(signalling, node, `${room}-ada`, room, {
    create: { emptyTimeout, lastN: 3 },
  });
  expect((await leave()).body?.code).toBe(200);
  const join = (name: string) => aJoin(name, room, { create: undefined });
  return { peer, join, url: at.room(room) };
}

describe('a room with an emptyTimeout', () => {
  it('outlives its participants, as it was', async () => {
    const { url } = await deserted('lasting', 60);
    await vi.waitFor(() => expect(node.roster(url)).toMatchObject({ version: 2, participants: {} }), WAIT);
    expect(node.roster(url)?.emptyTimeout).toBeGreaterThan(50_000);
    const bob = await participant(signalling, node, 'lasting-bob', 'lasting', { create: undefined });
    expect(await bob.read()).toMatchObject({ version: 3, data: { options: { lastN: 3 } } });
    const { incarnation } = (await node.join('lasting-ada')).roster;
    expect((await node.join('lasting-bob')).roster.incarnation).toBe(incarnation);
  });

  it('ends when its media node says that the time is over, not before', async () => {
    const { peer, url, join } = await deserted('ending', 60);
    await vi.waitFor(() => expect(node.roster(url)?.participants).toEqual({}), WAIT);
    const { incarnation, epoch, version = 0 } = node.roster(url) ?? {};
    const report = { report: 'empty', resource: url, incarnation, epoch };
    await node.report({ ...report, version: version - 1 });
    const read = () => peer.ask({ type: 'read', from: at.hyperty('ending-ada'), to: url });
    expect((await read()).body?.code).toBe(200);
    await node.report({ ...report, version });
    await vi.waitFor(() => expect(node.roster(url)?.version).toBe(Number.MAX_SAFE_INTEGER), WAIT);
    expect((await read()).body?.code).toBe(404);
    expect((await peer.ask(join('ending-ada'))).body?.code).toBe(404);
  });

  it('is over by itself where no media node says so', async () => {
    const { peer, join } = await deserted('silent', 1);
    await vi.waitFor(async () => {
      const answer = await peer.ask({ type: 'read', from: at.hyperty('silent-ada'), to: at.room('silent') });
      expect(answer.body?.code).toBe(404);
    }, WAIT);
    expect((await peer.ask(join('silent-ada'))).body?.code).toBe(404);
    const again = await participant(signalling, node, 'silent-bob', 'silent');
    expect(await again.read()).toMatchObject({ version: 1, data: { options: { lastN: 7 } } });
  });
});
