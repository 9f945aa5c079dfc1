import { ResumedBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Participant, participant, requestsOf } from './joins.ts';
import {
  aRegistration,
  at,
  type MediaNode,
  type Peer,
  type Signalling,
  startSignalling,
  type TokenInput,
  WAIT,
} from './signalling.ts';

/* Sockets end; stays go on. */

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(21);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const secretOf = (name: string) => `the secret of ${name}`;

const registrationOf = (name: string, resumption = secretOf(name)) => ({
  type: 'create',
  from: at.hyperty(name),
  to: at.registry,
  body: { value: aRegistration(at.hyperty(name), { resumption }) },
});

const reopeningOf = (name: string, room: string) => ({
  type: 're-open',
  from: at.hyperty(name),
  to: at.conference,
  body: { resource: at.room(room) },
});

/** Somebody in a room who can come back. */
async function resumable(name: string, room: string, changes: { claims?: TokenInput } = {}): Promise<Participant> {
  return participant(signalling, node, name, room, { ...changes, registration: { resumption: secretOf(name) } });
}

let frames = 0;

/** Registers and re-opens in one frame, as the SDK does; gives both responses. */
async function reopen(peer: Peer, name: string, room: string, resumption?: string) {
  const frame = frames++;
  const [register, reopening] = [`register-${frame}`, `re-open-${frame}`];
  peer.send({ id: register, ...registrationOf(name, resumption) }, { id: reopening, ...reopeningOf(name, room) });
  return [(await peer.responseTo(register)).body, (await peer.responseTo(reopening)).body];
}

const statusIn = (peer: Peer, room: string, name: string) =>
  peer
    .updates(at.room(room))
    .filter(({ body }) => body?.attribute === `participants.${name}`)
    .map(({ body }) => (body?.value as { status: string } | undefined)?.status);

describe('on a new socket', () => {
  it('a stay goes on in one message up and one down, with the room as it is', async () => {
    const [ada, bob] = [await resumable('r-ada', 'back'), await resumable('r-bob', 'back')];
    bob.peer.socket.terminate();
    await vi.waitFor(() => expect(statusIn(ada.peer, 'back', 'r-bob')).toEqual(['live', 'disconnected']), WAIT);
    await ada.update({ metadata: { topic: 'missed' } });
    const again = await signalling.client();
    const [registered, resumed] = await reopen(again, 'r-bob', 'back');
    expect(registered?.code).toBe(200);
    const { value, messages } = v.parse(ResumedBody, resumed);
    expect(value.data.participants).toMatchObject({
      'r-ada': { metadata: { topic: 'missed' } },
      'r-bob': { status: 'live', publications: { main: { sources: ['microphone', 'camera'] } } },
    });
    expect(messages).toEqual([]);
    expect(again.frames).toHaveLength(1);
    await vi.waitFor(() => {
      expect(statusIn(ada.peer, 'back', 'r-bob')).toEqual(['live', 'disconnected', 'live']);
      expect(node.roster(at.room('back'))).toMatchObject({ version: value.version });
    }, WAIT);
    const { participants } = (await node.join('r-bob')).roster;
    expect(node.roster(at.room('back'))?.participants['r-bob']).toEqual({
      ...participants['r-bob'],
      connectionId: expect.not.stringContaining(participants['r-bob']?.connectionId ?? ''),
    });
    await requestsOf(again, 'r-bob', 'back').update({ metadata: { hand: 'up' } });
    await ada.update({ metadata: { topic: 'heard' } });
    await vi.waitFor(() => expect(again.updates(at.room('back')).length).toBeGreaterThanOrEqual(2), WAIT);
  });
});
