import { ResumedBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Participant } from './joins.ts';
import { heardOf, reopen, resumptions } from './resumptions.ts';
import { type MediaNode, type Peer, type Signalling, startSignalling, WAIT } from './signalling.ts';

/* What is said to who has no socket at the moment. */

let signalling: Signalling;
let node: MediaNode;
let back: ReturnType<typeof resumptions>;
beforeAll(async () => {
  signalling = await startSignalling(22);
  node = await signalling.mediaNode();
  back = resumptions(signalling, node);
});
afterAll(() => signalling.close());

const said = (data: unknown) => ({ topic: 'chat', data });

/** What somebody is told that it has missed. */
async function missed(peer: Peer, name: string, room: string): Promise<unknown[]> {
  const [, resumed] = await reopen(peer, name, room);
  return v.parse(ResumedBody, resumed).messages.map(({ data }) => data);
}

/** Ada is there, and hears that Bob has lost his socket. */
async function pair(room: string): Promise<{ ada: Participant; bob: string }> {
  const [ada, bob] = [await back.resumable(`${room}-ada`, room), `${room}-bob`];
  await back.resumable(bob, room);
  await back.drop(bob);
  await vi.waitFor(() => expect(heardOf(ada.peer, room, bob)).toContain('disconnected'), WAIT);
  return { ada, bob };
}

const itemsNow = async () => (await signalling.emulator.metrics()).items;

describe('who comes back', () => {
  it('gets what was said to him meanwhile, in order, and not what was said to others', async () => {
    const { ada, bob } = await pair('told');
    await back.resumable('told-cyd', 'told');
    await ada.send(said('one'), 'a');
    await ada.send({ ...said('for cyd'), to: ['told-cyd'] }, 'b');
    await ada.send({ ...said('for bob'), to: [bob] }, 'c');
    await ada.send(said('two'), 'd');
    expect(await missed(await signalling.client(), bob, 'told')).toEqual(['one', 'for bob', 'two']);
  });

  it('gets what was sent while his socket was gone and nobody knew', async () => {
    const ada = await back.resumable('unknown-ada', 'unknown');
    await back.resumable('unknown-bob', 'unknown');
    await back.drop('unknown-bob', { silently: true });
    await ada.send(said('hello?'), 'a');
    expect(await missed(await signalling.client(), 'unknown-bob', 'unknown')).toEqual(['hello?']);
  });

  it('gets it again until he shows that he has it', async () => {
    const { ada, bob } = await pair('again');
    const items = await itemsNow();
    await ada.send(said('one'), 'a');
    const [first, second] = [await signalling.client(), await signalling.client()];
    expect(await missed(first, bob, 'again')).toEqual(['one']);
    expect(await missed(second, bob, 'again')).toEqual(['one']);
    expect(await itemsNow()).toBe(items + 1);
    expect(await missed(second, bob, 'again')).toEqual(['one']);
    expect(await missed(second, bob, 'again')).toEqual([]);
    expect(await itemsNow()).toBe(items);
  });

  it('gets once what a sender without an answer has sent twice', async () => {
    const { ada, bob } = await pair('twice');
    for (const _ of [1, 2]) await ada.send(said('one'), 'the-same');
    expect(await missed(await signalling.client(), bob, 'twice')).toEqual(['one']);
  });

  it('gets the newest of more than one answer carries', async () => {
    const { ada, bob } = await pair('bulky');
    for (let n = 0; n < 20; n++) await ada.send({ topic: `t${n}`, data: 'x'.repeat(8000) }, `m${n}`);
    const [, resumed] = await reopen(await signalling.client(), bob, 'bulky');
    const topics = v.parse(ResumedBody, resumed).messages.map(({ topic }) => topic);
    expect(topics.length).toBeGreaterThan(4);
    expect(topics).toEqual(Array.from({ length: topics.length }, (_, index) => `t${20 - topics.length + index}`));
  });

  it('misses nothing that was sent while he came back', async () => {
    const { ada, bob } = await pair('rush');
    const peer = await signalling.client();
    const sent = Array.from({ length: 8 }, (_, n) => n);
    const sending = sent.map((n) => ada.send(said(n), `m${n}`));
    const told = await missed(peer, bob, 'rush');
    expect((await Promise.all(sending)).map(({ body }) => body?.code)).toEqual(sent.map(() => 200));
    await vi.waitFor(() => {
      const pushed = peer.data('rush').map((message) => (message as { data: unknown }).data);
      expect(sent.filter((n) => !told.includes(n) && !pushed.includes(n))).toEqual([]);
    }, WAIT);
  });
});

describe('what nobody comes back for', () => {
  it.each(['by itself', 'by a moderator', 'with its room'])('goes with the stay that ends %s', async (how) => {
    const room = `over-${how.replaceAll(' ', '-')}`;
    const ada = await back.resumable(`${room}-ada`, room);
    const items = await itemsNow();
    const bob = `${room}-bob`;
    await back.resumable(bob, room);
    await back.drop(bob);
    await vi.waitFor(() => expect(heardOf(ada.peer, room, bob)).toContain('disconnected'), WAIT);
    await ada.send(said('one'), 'a');
    expect(await itemsNow()).toBe(items + 2);
    if (how === 'by itself') await back.reportGone(bob);
    if (how === 'by a moderator') await ada.moderate({ action: 'remove', participant: bob });
    if (how === 'with its room') await ada.moderate({ action: 'end' });
    // The room is an item, too.
    expect(await itemsNow()).toBe(how === 'with its room' ? items - 1 : items);
  });
});
