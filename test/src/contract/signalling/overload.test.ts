import { ManualClock } from '@hyperroom/local/aws';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aJoin } from './joins.ts';
import { aRegistration, at, type MediaNode, type Peer, type Signalling, startSignalling } from './signalling.ts';

let signalling: Signalling;
afterEach(() => signalling.close());

vi.setConfig({ testTimeout: 120_000 });

/** Milliseconds until somebody who was not answered asks again, and a bit more, not the same for all. */
const PATIENCE = 3_000;

/** Answers every join that comes, repeated ones again, and one that was not let through later. */
function acceptAll(node: MediaNode): () => Promise<void> {
  const answered = new Set<number>();
  return async () => {
    const joins = node.commands().flatMap((command) => (command.command === 'join' ? [command] : []));
    const due = [...joins.entries()].filter(([index]) => !answered.has(index));
    const accepted = await Promise.allSettled(due.map(([, join]) => node.accept(join)));
    for (const [n, [index]] of due.entries()) if (accepted[n]?.status === 'fulfilled') answered.add(index);
  };
}

describe('more than the gateway takes', () => {
  it('loses nobody, and has nobody twice, if everybody asks until answered', async () => {
    const clock = new ManualClock();
    signalling = await startSignalling(33, { limits: { requestsPerSecond: 200, requestBurst: 30 }, clock });
    const node = await signalling.mediaNode();
    const accept = acceptAll(node);
    const names = Array.from({ length: 12 }, (_, n) => `crowd-${n}`);
    const crowd = await Promise.all(names.map(async (name) => ({ name, peer: await signalling.client(), asked: 0 })));
    const joined = ({ peer, name }: (typeof crowd)[number]) =>
      peer.received.some(({ id, body }) => id === `join-${name}` && body?.code === 200);
    const throttled = async () =>
      (await signalling.emulator.metrics()).journal
        .flatMap(({ posts }) => posts)
        .filter(({ status }) => status === 429);
    let passed = Number.NaN;
    await vi.waitFor(
      async () => {
        // The gateway's budget is not filled up before there was too little of it, however slow the machine is.
        if (passed > 0) clock.advance(Date.now() - passed);
        if (passed > 0 || (await throttled()).length > 0) passed = Date.now();
        const waiting = crowd.filter((one) => !joined(one));
        for (const one of waiting.filter(({ asked }) => Date.now() - asked > PATIENCE)) {
          one.asked = Date.now() + Math.random() * PATIENCE;
          ask(one.peer, one.name);
        }
        await accept();
        expect(waiting.map(({ name }) => name)).toEqual([]);
      },
      { timeout: 80_000, interval: 25 },
    );
    expect(await throttled()).not.toEqual([]);
    const rosters = node.commands().map(({ roster }) => roster);
    const last = rosters.reduce((newest, roster) => (roster.version > newest.version ? roster : newest));
    expect(Object.keys(last.participants).sort()).toEqual(names.toSorted());
  });
});

/** Registers and joins, again if need be: with the same ids, it is the same. */
function ask(peer: Peer, name: string): void {
  const from = at.hyperty(name);
  peer.send(
    { id: `register-${name}`, type: 'create', from, to: at.registry, body: { value: aRegistration(from) } },
    { id: `join-${name}`, ...aJoin(name, 'storm', { connections: [] }) },
  );
}
