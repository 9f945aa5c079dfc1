import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

it('a room is run as its creator chose, and says so to all', async () => {
  const cast = await Cast.open(scene());
  const options = {
    capacity: 3,
    emptyTimeout: 1,
    departureGrace: 2,
    maxBitrate: 300,
    lastN: 2,
    history: 5,
    metadata: { title: 'Standup' },
  };
  await cast.join('Ada', 'as-chosen', { create: options });
  const ben = await cast.join('Ben', 'as-chosen', { create: { capacity: 50 } });
  const { metadata, ...others } = options;
  expect(await ben.room()).toMatchObject({ options: { ...others, codec: 'VP8', locked: false }, metadata });
});

describe('a room refuses', () => {
  it('whoever comes when it is full', async () => {
    const cast = await Cast.open(scene());
    await cast.join('Ada', 'full', { create: { capacity: 1 } });
    const ben = await cast.arrive('Ben');
    expect(await ben.join('full')).toMatchObject({ code: 'room-full' });
  });

  it('whoever comes while it is locked, and takes them again afterwards', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'locked');
    await ada.do('moderation.change', { locked: true });
    const ben = await cast.arrive('Ben');
    expect(await ben.join('locked')).toMatchObject({ code: 'locked' });
    await ada.do('moderation.change', { locked: false });
    expect(await ben.join('locked')).toEqual({ value: null });
    await ada.expectMore(ben, 'video');
  });

  it('publications of whoever is no moderator, where only they publish', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'lecture', { create: { publishers: 'moderators' } });
    const ben = await cast.arrive('Ben');
    expect(await ben.join('lecture')).toMatchObject({ code: 'forbidden' });
    expect(await ben.join('lecture', { media: [] })).toEqual({ value: null });
    await ben.expectMore(ada, 'video');
    expect(await ben.publish(['video'])).toMatchObject({ code: 'forbidden' });
    await ada.do('moderation.change', { publishers: 'everyone' });
    expect(await ben.publish(['video'])).toEqual({ value: null });
    await ada.expectMore(ben, 'video');
  });
});

describe('a waiting room', () => {
  it('holds who comes until a moderator lets them in', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'waiting', { create: { waitingRoom: true } });
    const ben = await cast.arrive('Ben');
    const joining = ben.join('waiting');
    await vi.waitFor(async () => expect(await ada.events('waitingChanged')).toEqual([[['Ben']]]), SOON);
    expect(await ben.state()).toMatchObject({ waiting: true, state: undefined });
    expect(await ada.state()).toMatchObject({ participants: {} });
    const [id] = (await ada.room()).waiting;
    await ada.do('moderation.admit', id);
    expect(await joining).toEqual({ value: null });
    await ada.expectMore(ben, 'video');
    await ben.expectMore(ada, 'video');
    expect(await ada.events('waitingChanged')).toEqual([[['Ben']], [[]]]);
  });

  it('lets a moderator send somebody away', async () => {
    const cast = await Cast.open(scene());
    const ada = await cast.join('Ada', 'private', { create: { waitingRoom: true } });
    const ben = await cast.arrive('Ben');
    const joining = ben.join('private');
    await vi.waitFor(async () => expect(await ada.events('waitingChanged')).toEqual([[['Ben']]]), SOON);
    const [id] = (await ada.room()).waiting;
    await ada.do('moderation.refuse', id, { reason: 'interviews today' });
    expect(await joining).toMatchObject({
      code: 'waiting-refused',
      message: expect.stringContaining('interviews today'),
    });
  });
});

it('a room of another codec is joined with that codec', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'h264', { create: { codec: 'H264' } });
  const ben = await cast.join('Ben', 'h264');
  await ben.expectMore(ada, 'video');
  await ada.expectMore(ben, 'video');
  for (const [member, other] of [
    [ada, ben],
    [ben, ada],
  ] as const) {
    expect(await member.received(other, 'video')).toMatchObject({ codec: 'H264' });
  }
});

it('a room that lasts without anybody is joined again without being created', async () => {
  const cast = await Cast.open(scene());
  const ada = await cast.join('Ada', 'lasting', { create: { emptyTimeout: 60, metadata: { title: 'Lasting' } } });
  await ada.do('leave');
  const ben = await cast.arrive('Ben');
  expect(await ben.join('lasting', {}, false)).toEqual({ value: null });
  expect(await ben.room()).toMatchObject({ metadata: { title: 'Lasting' } });
  const cleo = await cast.join('Cleo', 'lasting');
  await cleo.expectMore(ben, 'video');
});
