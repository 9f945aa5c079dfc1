import type { Observer } from '@hyperroom/client/syncher';
import type { RoomData } from '@hyperroom/protocol';
import type * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinRoom } from '../signalling/joins.ts';
import { at, DOMAIN, type MediaNode, type Signalling, startSignalling, WAIT } from '../signalling/signalling.ts';
import { type Client, connect } from './hyperties.ts';

type Room = v.InferOutput<typeof RoomData>;

let signalling: Signalling;
let node: MediaNode;
let client: Client;
beforeAll(async () => {
  signalling = await startSignalling(13);
  node = await signalling.mediaNode();
  client = await connect(signalling.emulator.signallingUrl, DOMAIN);
});
afterAll(async () => {
  await client.hyperty.close();
  await signalling.close();
});

const participants = (observer: Observer<Room>) => Object.keys(observer.data.participants).toSorted();

describe('a room', () => {
  it('is observed like any other object, from the first participant seen to the last one gone', async () => {
    const url = at.room('observed');
    await expect(client.syncher.subscribe(url)).rejects.toMatchObject({ code: 'not-found' });
    const [ada, bob] = await Promise.all([signalling.client(), signalling.client()]);
    await joinRoom(ada, node, 'ada', 'observed');
    const observer = await client.syncher.subscribe<Room>(url);
    expect(observer.object).toMatchObject({ url, reporter: at.conference, name: 'observed', version: 1 });
    expect(await client.syncher.read(url)).toEqual(observer.object);
    const versions: number[] = [];
    observer.on('change', ({ version }) => versions.push(version));
    const deleted = vi.fn();
    observer.on('deleted', deleted);
    await joinRoom(bob, node, 'bob', 'observed');
    await vi.waitFor(() => expect(participants(observer)).toEqual(['ada', 'bob']), WAIT);
    const leave = (name: string) =>
      ({ type: 'delete', from: at.hyperty(name), to: at.conference, body: { resource: url } }) as const;
    await ada.ask(leave('ada'));
    await vi.waitFor(() => expect(participants(observer)).toEqual(['bob']), WAIT);
    await bob.ask(leave('bob'));
    await vi.waitFor(() => expect(deleted).toHaveBeenCalledTimes(1), WAIT);
    // Bob comes; Ada goes, and he moderates in her place.
    expect(versions).toEqual([2, 3, 4, 5]);
    expect(participants(observer)).toEqual([]);
  });

  it('is no longer heard of once unsubscribed', async () => {
    const peer = await signalling.client();
    await joinRoom(peer, node, 'carol', 'left');
    const observer = await client.syncher.subscribe<Room>(at.room('left'));
    await observer.unsubscribe();
    const again = await client.syncher.subscribe<Room>(at.room('left'));
    await joinRoom(await signalling.client(), node, 'dave', 'left');
    await vi.waitFor(() => expect(participants(again)).toEqual(['carol', 'dave']), WAIT);
    expect(participants(observer)).toEqual(['carol']);
  });
});
