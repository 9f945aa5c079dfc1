import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aConnection, aJoin, type Participant, participant, requestsOf } from './joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, WAIT } from './signalling.ts';

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(12);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

/** A room with its moderator and somebody else. */
async function pair(room: string, create: object = {}) {
  const ada = await participant(signalling, node, `${room}-ada`, room, { create });
  const bob = await participant(signalling, node, `${room}-bob`, room);
  return { ada, bob, room: at.room(room) };
}

async function roleOf({ read }: Participant, id: string) {
  return (await read()).data.participants[id]?.role;
}

describe('removing', () => {
  it('ends a stay, for good', async () => {
    const { ada, bob, room } = await pair('kick');
    expect((await ada.moderate({ action: 'remove', participant: 'kick-bob', reason: 'noise' })).body?.code).toBe(200);
    const body = { resource: room, reason: 'removed', description: 'noise' };
    await vi.waitFor(() => {
      expect(bob.peer.pushes('delete')).toMatchObject([{ from: at.conference, to: at.hyperty('kick-bob'), body }]);
      expect(Object.keys(node.roster(room)?.participants ?? {})).toEqual(['kick-ada']);
    }, WAIT);
    expect((await bob.peer.ask(aJoin('kick-bob', 'kick'))).body).toMatchObject({
      code: 403,
      description: 'removed from this room',
    });
    expect((await ada.moderate({ action: 'remove', participant: 'nobody', reason: undefined })).body?.code).toBe(404);
  });
});

describe('blocking', () => {
  it('is the media node’s to carry out, whatever the participant says or publishes', async () => {
    const { ada, bob, room } = await pair('block');
    await ada.moderate({ action: 'block', participant: 'block-bob', sources: ['microphone'] });
    const blocked = () => node.roster(room)?.participants['block-bob']?.publications.main?.blocked;
    await vi.waitFor(() => expect(blocked()).toEqual(['audio']), WAIT);
    await vi.waitFor(() => {
      expect(bob.peer.updates(room).at(-1)?.body).toMatchObject({ value: { blocked: ['microphone'], muted: [] } });
    }, WAIT);
    expect((await bob.update({ muted: [] })).body?.code).toBe(200);
    const connections = [aConnection(at.hyperty('block-bob'), 'block-again', 'publish')];
    bob.peer.send({
      id: 'again',
      type: 'update',
      from: at.hyperty('block-bob'),
      to: at.conference,
      body: { resource: room, connections },
    });
    const { roster } = await node.update('again');
    expect(roster.participants['block-bob']?.publications.main).toMatchObject({
      connection: at.connection('block-again'),
      blocked: ['audio'],
    });
    await ada.moderate({ action: 'unblock', participant: 'block-bob', sources: ['microphone'] });
    await vi.waitFor(() => expect(blocked()).toEqual([]), WAIT);
  });
});

describe('a moderator', () => {
  it('alone may moderate, and only as itself', async () => {
    const { ada, bob } = await pair('spoof');
    const remove = { action: 'remove', participant: 'spoof-ada', reason: undefined } as const;
    expect((await bob.moderate(remove)).body?.code).toBe(403);
    const asAda = requestsOf(bob.peer, 'spoof-ada', 'spoof');
    expect((await asAda.moderate(remove)).body?.code).toBe(403);
    expect((await asAda.update({ metadata: { hand: 'up' } })).body?.code).toBe(403);
    expect((await asAda.send({ topic: 'chat', data: 'not me' }, 'x')).body?.code).toBe(403);
    expect((await asAda.leave()).body?.code).toBe(403);
    const outside = await signalling.client({ sub: 'user://localhost/out', grants: { room: '*', moderate: true } });
    await outside.register(at.hyperty('outside'));
    expect((await requestsOf(outside, 'outside', 'spoof').moderate(remove)).body?.code).toBe(404);
    expect((await ada.read()).data.participants).toMatchObject({ 'spoof-ada': { metadata: {}, role: 'moderator' } });
  });

  it('that leaves hands over to who has been there longest', async () => {
    const { ada, bob, room } = await pair('heir');
    const cyd = await participant(signalling, node, 'heir-cyd', 'heir');
    await ada.leave();
    await vi.waitFor(() => {
      expect(cyd.peer.updates(room).map(({ body }) => [body?.version, body?.attribute])).toEqual([
        [4, 'participants.heir-ada'],
        [5, 'participants.heir-bob'],
      ]);
    }, WAIT);
    expect(await roleOf(bob, 'heir-bob')).toBe('moderator');
  });

  it('that is lost hands over, too, to observers without a gap', async () => {
    const { ada, bob, room } = await pair('lost');
    const observer = await signalling.client();
    const resources = [`${room}/changes`];
    await observer.ask({ type: 'subscribe', from: 'observer', to: at.subscriptions, body: { resources } });
    const { incarnation, epoch, participants } = (await node.join('lost-ada')).roster;
    ada.peer.socket.terminate();
    await vi.waitFor(() => expect(node.roster(room)?.participants['lost-ada']?.status).toBe('disconnected'), WAIT);
    await node.report({
      report: 'gone',
      resource: room,
      incarnation,
      epoch,
      participant: 'lost-ada',
      admitted: participants['lost-ada']?.admitted,
      onlyIfDisconnected: true,
    });
    expect(await roleOf(bob, 'lost-bob')).toBe('moderator');
    await vi.waitFor(() => expect(observer.updates(room).map(({ body }) => body?.version)).toEqual([3, 4, 5]), WAIT);
    expect(observer.frames.every((frame) => !Array.isArray(frame))).toBe(true);
  });

  it('appoints others, describes them, and changes the room', async () => {
    const { ada, bob, room } = await pair('appoint');
    await ada.moderate({ action: 'appoint', participant: 'appoint-bob', role: 'moderator' });
    expect(
      (await bob.moderate({ action: 'describe', participant: 'appoint-ada', metadata: { seat: '1' } })).body?.code,
    ).toBe(200);
    const changes = { capacity: 2, metadata: { topic: 'news' } };
    expect((await bob.moderate({ action: 'change', changes })).body?.code).toBe(200);
    expect((await bob.read()).data).toMatchObject({
      options: { capacity: 2 },
      metadata: { topic: 'news' },
      participants: { 'appoint-ada': { metadata: { seat: '1' } }, 'appoint-bob': { role: 'moderator' } },
    });
    // Two attributes, two versions, and one frame for who takes part.
    await vi.waitFor(() => {
      const attributes = ['options', 'metadata'].map((attribute) => ({ body: { attribute } }));
      expect(ada.peer.frames).toContainEqual(
        attributes.map((update) =>
          expect.objectContaining({ to: `${room}/changes`, body: expect.objectContaining(update.body) }),
        ),
      );
    }, WAIT);
  });

  it('ends the room for all', async () => {
    const { ada, bob, room } = await pair('over', { history: 5 });
    await bob.send({ topic: 'chat', data: 'hello' }, 'one');
    expect((await ada.moderate({ action: 'end', reason: 'lunch' })).body?.code).toBe(200);
    const body = { resource: room, reason: 'ended', description: 'lunch' };
    await vi.waitFor(() => {
      for (const { peer } of [ada, bob]) {
        expect(peer.pushes('delete')).toMatchObject([{ body }]);
        expect(peer.received).toContainEqual(expect.objectContaining({ type: 'delete', to: `${room}/changes` }));
      }
      expect(node.roster(room)).toMatchObject({ participants: {}, version: Number.MAX_SAFE_INTEGER });
    }, WAIT);
    expect((await ada.leave()).body?.code).toBe(404);
    const again = await participant(signalling, node, 'over-cyd', 'over', { create: { history: 5 } });
    expect((await again.history()).body?.value).toEqual([]);
  });
});
