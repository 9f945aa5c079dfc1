import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeServer } from './index.ts';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => server.close());

test('two meet, and write to each other', async () => {
  const ada = await server.client().join('standup', { name: 'Ada', create: true, stream: server.stream() });
  const { id, room } = await server.join('standup', { name: 'Ben' });
  const ben = ada.participants.get(id);
  expect(ben?.name).toBe('Ben');
  expect(ben?.publications.get('main')).toMatchObject({
    isShown: true,
    media: 'connected',
    sources: ['microphone', 'camera'],
  });
  expect(ben?.tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
  const written = ada.once('chatMessage');
  await room.sendChat('hello');
  await expect(written).resolves.toMatchObject([{ text: 'hello', name: 'Ben' }]);
  await ada.leave();
});
