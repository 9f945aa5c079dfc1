import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeServer } from '../../../src/fake/index.ts';
import type { Room } from '../../../src/index.ts';
import { type Emoji, isEmoji, Reactions } from './reactions.ts';

let server: FakeServer;
let ada: Room;
let ben: Room;
let reactions: Reactions;

beforeEach(async () => {
  server = new FakeServer();
  ada = await server.client().join('standup', { name: 'Ada', create: true });
  ben = (await server.join('standup', { name: 'Ben' })).room;
  reactions = new Reactions(ada);
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const flying = () => reactions.store.state.flying.map(({ emoji, from }) => [emoji, from]);

it('fly over whoever sends them: one’s own at once, those of others when they come, who are told of', async () => {
  const told: [Emoji, string][] = [];
  const stop = reactions.follow((emoji, { name }) => void told.push([emoji, name]));
  const sent = reactions.send('👏');
  expect(flying()).toEqual([['👏', ada.localParticipant.id]]);
  await sent;
  await ben.channel('reaction').send('🎉');
  await server.settled();
  expect(flying()).toEqual([
    ['👏', ada.localParticipant.id],
    ['🎉', ben.localParticipant.id],
  ]);
  expect(told).toEqual([['🎉', 'Ben']]);

  stop();
  await ben.channel('reaction').send('👍');
  await server.settled();
  expect(flying()).toHaveLength(2);
});

it('are those of the page: what else comes by the channel is nothing', async () => {
  reactions.follow(() => {});
  for (const data of ['💣', 'toString', 7, null]) await ben.channel('reaction').send(data);
  await server.settled();
  expect(flying()).toEqual([]);
  expect(isEmoji('toString')).toBe(false);
});

it('land after three seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  void reactions.send('👍');
  vi.advanceTimersByTime(2_999);
  expect(flying()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(flying()).toEqual([]);
});
