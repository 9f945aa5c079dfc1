import { afterEach, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

it('chat goes to everyone, or to those chosen, and the latest of it to whoever joins late', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'chat', { create: { history: 2 }, media: [] });
  const ben = await cast.join('Ben', 'chat', { media: [] });
  const cleo = await cast.join('Cleo', 'chat', { media: [] });
  for (const text of ['one', 'two', 'three']) await ada.do('sendChat', text);
  await ada.do('sendChat', 'between us', { to: ['@Ben'] });
  await ben.do('sendChat', 'all heard that?');
  const all = ['one', 'two', 'three'].map((text) => ['Ada', text, 'all']);
  await vi.waitFor(async () => {
    expect(await ben.events('chatMessage')).toEqual(expect.arrayContaining([...all, ['Ada', 'between us', 'some']]));
    expect(await cleo.events('chatMessage')).toEqual(
      expect.arrayContaining([...all, ['Ben', 'all heard that?', 'all']]),
    );
  }, SOON);
  expect(await cleo.events('chatMessage')).toHaveLength(4);

  const dora = await cast.join('Dora', 'chat', { media: [] });
  const history = (await dora.do('history')) as { data: unknown; sender: { name: string } }[];
  expect(history.map(({ data, sender }) => [sender.name, data])).toEqual([
    ['Ada', 'three'],
    ['Ben', 'all heard that?'],
  ]);
});

it('application data arrive as they were sent, by topic', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'pointers', { media: [] });
  const ben = await cast.join('Ben', 'pointers', { media: [] });
  const cleo = await cast.join('Cleo', 'pointers', { media: [] });
  for (const member of [ben, cleo]) await member.listen('pointer');
  const point = { x: 1.5, y: -2, path: [null, true, 'π'] };
  expect(await ada.send('pointer', point)).toEqual({ value: null });
  expect(await ada.send('other', 'not listened to')).toEqual({ value: null });
  expect(await ada.send('pointer', 'for Ben', [ben])).toEqual({ value: null });
  await vi.waitFor(async () => {
    expect(await ben.events('data')).toEqual(
      expect.arrayContaining([
        ['Ada', point],
        ['Ada', 'for Ben'],
      ]),
    );
    expect(await cleo.events('data')).toEqual([['Ada', point]]);
  }, SOON);
  expect(await ada.send('pointer', 'x'.repeat(9_000))).toMatchObject({ code: 'bad-request' });
});

it('metadata of participants and of the room are told when they change', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'words', { media: [], metadata: { hand: 'down' } });
  const ben = await cast.join('Ben', 'words', { media: [] });
  expect(await ben.sees(ada)).toMatchObject({ metadata: { hand: 'down' } });
  await ada.do('localParticipant.setMetadata', { hand: 'up', seat: '7' });
  await vi.waitFor(
    async () => expect(await ben.events('metadataChanged')).toEqual([['Ada', { hand: 'up', seat: '7' }]]),
    SOON,
  );
  await ada.do('localParticipant.setMetadata', { seat: null });
  await vi.waitFor(async () => expect(await ben.sees(ada)).toMatchObject({ metadata: { hand: 'up' } }), SOON);
  expect(await ben.call('moderation.change', { metadata: { title: 'no' } })).toMatchObject({ code: 'forbidden' });
  await ada.do('moderation.change', { metadata: { title: 'Words' } });
  await vi.waitFor(async () => expect(await ben.events('roomChanged')).toEqual([[{ title: 'Words' }, false]]), SOON);
});
