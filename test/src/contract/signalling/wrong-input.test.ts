import { childrenOf } from '@hyperroom/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aJoin, type Participant, participant } from './joins.ts';
import { at, type Signalling, startSignalling } from './signalling.ts';

/* What applications give to the SDK it hands on unchecked, but for ids of rooms and names of topics: here they are told what is wrong with it. */

let signalling: Signalling;
let ada: Participant;
beforeAll(async () => {
  signalling = await startSignalling(31);
  ada = await participant(signalling, await signalling.mediaNode(), 'ada', 'wrong');
});
afterAll(() => signalling.close());

const from = at.hyperty('ada');
const resource = at.room('wrong');
const long = 'x'.repeat(2_000);

describe('a join', () => {
  it.each([
    ['identity.name', { identity: { name: long } }],
    ['identity.name', { identity: {} }],
    ['metadata', { metadata: { seat: long } }],
    ['metadata.seat', { metadata: { seat: 7 } }],
    ['create.lastN', { create: { lastN: 0 } }],
    ['create.codec', { create: { codec: 'AV2' } }],
    ['create.metadata', { create: { metadata: { topic: long } } }],
    ['create.locked', { create: { locked: 'yes' } }],
    ['muted.0', { muted: ['phone'] }],
  ])('is told that its %s is wrong', async (field, changes) => {
    const answer = await ada.peer.ask({ ...aJoin('ada', 'wrong', changes) });
    expect(answer.body).toMatchObject({ code: 400, description: expect.stringContaining(`${field}: `) });
  });
});

describe('who is in is told that its', () => {
  it.each([
    ['metadata.seat', 'update', { metadata: { seat: 7 } }],
    ['metadata', 'update', { metadata: { seat: long } }],
    ['muted.0', 'update', { muted: ['phone'] }],
    ['unpublish.0', 'update', { unpublish: ['window'] }],
    ['moderation.role', 'execute', { moderation: { action: 'appoint', participant: 'ada', role: 'king' } }],
    ['moderation.sources', 'execute', { moderation: { action: 'block', participant: 'ada', sources: [] } }],
    ['moderation.participant', 'execute', { moderation: { action: 'remove', participant: 'a b' } }],
    ['moderation.reason', 'execute', { moderation: { action: 'end', reason: long } }],
    ['moderation.changes.capacity', 'execute', { moderation: { action: 'change', changes: { capacity: 1.5 } } }],
  ])('%s is wrong', async (field, type, body) => {
    const answer = await ada.peer.ask({ type, from, to: at.conference, body: { resource, ...body } });
    expect(answer.body).toMatchObject({ code: 400, description: expect.stringContaining(field) });
  });

  it.each([
    ['value.topic', { topic: 'a topic', data: 1 }],
    ['value.data', { topic: 'chat' }],
    ['value.data', { topic: 'chat', data: 'x'.repeat(8 * 1024) }],
    ['value.to', { topic: 'chat', data: 1, to: [] }],
    ['value.to.0', { topic: 'chat', data: 1, to: [7] }],
  ])('%s is wrong', async (field, value) => {
    const to = childrenOf(resource);
    const answer = await ada.peer.ask({ type: 'create', from, to, body: { resource: 'one', value } });
    expect(answer.body).toMatchObject({ code: 400, description: expect.stringContaining(`${field}: `) });
  });
});
