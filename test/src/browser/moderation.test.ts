import { afterEach, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const TOKEN = { grants: { room: '*', create: true, publish: true, subscribe: true, data: true, moderate: false } };

it('who is removed learns why, is gone for all, and does not come back', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'order');
  const ben = await cast.join('Ben', 'order', {}, TOKEN);
  await ada.expectMore(ben, 'video');
  expect(await ben.call('moderation.remove', '@Ada')).toMatchObject({ code: 'forbidden' });
  await ada.do('moderation.remove', '@Ben', { reason: 'noise' });
  await vi.waitFor(async () => expect(await ben.events('closed')).toEqual([['removed', 'noise']]), SOON);
  await vi.waitFor(async () => expect(await ada.state()).toMatchObject({ participants: {} }), SOON);
  const again = await cast.arrive('Ben again', { sub: 'user://localhost/Ben', ...TOKEN });
  expect(await again.join('order')).toMatchObject({ code: 'forbidden' });
  expect(await ada.state()).toMatchObject({ state: 'connected', role: 'moderator' });
});

it('the role is handed over, by itself when the last moderator leaves', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'chairs');
  const ben = await cast.join('Ben', 'chairs');
  const cleo = await cast.join('Cleo', 'chairs');
  expect(await ben.state()).toMatchObject({ role: 'participant' });
  await ada.do('moderation.appoint', '@Cleo', 'moderator');
  await vi.waitFor(async () => expect(await cleo.state()).toMatchObject({ role: 'moderator' }), SOON);
  await ada.do('moderation.appoint', (await ada.state()).id, 'participant');
  await cleo.do('leave');
  await vi.waitFor(async () => expect(await ada.state()).toMatchObject({ role: 'moderator' }), SOON);
  await ada.do('leave');
  await vi.waitFor(async () => expect(await ben.state()).toMatchObject({ role: 'moderator' }), SOON);
  expect(await ben.call('moderation.change', { metadata: { title: 'mine' } })).toEqual({ value: null });
});

it('the end of a room is the end for all, and leaves nothing', async () => {
  const cast = await Cast.open(scene());
  const before = await scene().inventory();
  const ada = await cast.join('Ada', 'over');
  const ben = await cast.join('Ben', 'over');
  await ben.expectMore(ada, 'video');
  await ada.do('moderation.end', { reason: 'thank you all' });
  for (const member of [ada, ben]) {
    await vi.waitFor(async () => expect(await member.events('closed')).toEqual([['ended', 'thank you all']]), SOON);
  }
  await scene().expectNothingSince(before);
});
