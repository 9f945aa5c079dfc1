import { HistoryBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { participant } from './joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, WAIT } from './signalling.ts';

/* Chat and application data. */

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(14);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const joins = (name: string, room: string, changes: object = {}) =>
  participant(signalling, node, name, room, { ...changes });
const hello = { topic: 'chat', data: 'hello' };

describe('a message', () => {
  it('reaches everybody else, and its sender learns what became of it', async () => {
    const [ada, bob, cyd] = [await joins('d-ada', 'all'), await joins('d-bob', 'all'), await joins('d-cyd', 'all')];
    const { body } = await ada.send({ topic: 'game', data: { move: [1, 2] } }, 'one');
    const message = {
      id: 'd-ada.one',
      topic: 'game',
      data: { move: [1, 2] },
      sender: { id: 'd-ada', hypertyURL: at.hyperty('d-ada'), name: 'd-ada' },
      sent: expect.any(String),
    };
    expect(body).toEqual({ code: 200, value: message });
    await vi.waitFor(() => {
      for (const { peer } of [bob, cyd]) expect(peer.data('all')).toEqual([message]);
    }, WAIT);
    expect(ada.peer.data('all')).toEqual([]);
  });

  it('to some is for them alone, and for nobody if one of them is unknown', async () => {
    const [ada, bob, cyd] = [await joins('s-ada', 'some'), await joins('s-bob', 'some'), await joins('s-cyd', 'some')];
    const refused = await ada.send({ ...hello, to: ['s-bob', 'ghost', 'constructor'] }, 'never');
    expect(refused.body).toMatchObject({ code: 404, description: expect.stringContaining('ghost, constructor') });
    await ada.send({ ...hello, to: ['s-bob'] }, 'one');
    await cyd.send(hello, 'two');
    await vi.waitFor(() => {
      expect(bob.peer.data('some')).toHaveLength(2);
      expect(ada.peer.data('some')).toHaveLength(1);
    }, WAIT);
    expect(bob.peer.data('some')).toContainEqual(expect.objectContaining({ id: 's-ada.one', to: ['s-bob'] }));
    expect(cyd.peer.data('some')).toEqual([]);
  });

  it('is refused without the grant, without a topic’s name, and beyond its size', async () => {
    const claims = { sub: 'user://localhost/mute', grants: { room: '*', create: true, data: false } };
    const silent = await joins('silent', 'quiet', { claims });
    expect((await silent.send(hello, 'one')).body?.code).toBe(403);
    const ada = await joins('q-ada', 'quiet');
    expect((await ada.send({ topic: 'a topic', data: 1 }, 'one')).body?.code).toBe(400);
    expect((await ada.send({ topic: 'big', data: 'x'.repeat(8 * 1024) }, 'two')).body?.code).toBe(400);
    expect((await ada.send({ topic: 'nothing' }, 'three')).body?.code).toBe(400);
    expect(silent.peer.data('quiet')).toEqual([]);
  });
});

describe('the history', () => {
  it('keeps the last messages to everyone for who comes later, oldest first', async () => {
    const ada = await joins('h-ada', 'kept', { create: { history: 3 } });
    const bob = await joins('h-bob', 'kept');
    await ada.send({ ...hello, to: ['h-bob'] }, 'private');
    for (let n = 0; n < 9; n++) await ada.send({ ...hello, data: n }, `m${n}`);
    const cyd = await joins('h-cyd', 'kept');
    for (const { history } of [bob, cyd]) {
      expect((await history()).body).toMatchObject({ code: 200, value: [{ data: 6 }, { data: 7 }, { data: 8 }] });
    }
  });

  it('fits an answer, however large its messages', async () => {
    const ada = await joins('b-ada', 'bulky', { create: { history: 100 } });
    const data = 'x'.repeat(8000);
    for (let n = 0; n < 30; n++) await ada.send({ topic: `t${n}`, data }, `m${n}`);
    const { body } = await ada.history();
    const topics = v.parse(HistoryBody, body).value.map(({ topic }) => topic);
    expect(topics.length).toBeGreaterThan(9);
    expect(topics).toEqual(Array.from({ length: topics.length }, (_, index) => `t${30 - topics.length + index}`));
  });

  it('loses nothing that is sent at the same time', async () => {
    const ada = await joins('r-ada', 'rush', { create: { history: 10 } });
    const sent = Array.from({ length: 25 }, (_, n) => ada.send({ ...hello, data: n }, `m${n}`));
    expect((await Promise.all(sent)).map(({ body }) => body?.code)).toEqual(sent.map(() => 200));
    expect((await ada.history()).body?.value).toHaveLength(10);
  });

  it('is empty where none is kept', async () => {
    const ada = await joins('n-ada', 'forgetful');
    await ada.send(hello, 'one');
    expect((await ada.history()).body).toEqual({ code: 200, value: [] });
  });
});
