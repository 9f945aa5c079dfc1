import { HyperroomServer } from '@hyperroom/client/server';
import { DEVELOPMENT_SECRET } from '@hyperroom/local';
import { afterEach, expect, it, vi } from 'vitest';
import { Cast, SOON } from './member.ts';
import { useScene } from './scene.ts';

const scene = useScene();

afterEach(() => scene().closePages());

const backEnd = () => new HyperroomServer({ url: scene().stack.api, secret: DEVELOPMENT_SECRET });

it('a back end makes a room, says how it is run, and who is in it', async () => {
  const cast = await Cast.open(scene());
  const server = backEnd();
  await server.createRoom('made', { capacity: 2, metadata: { title: 'Made by a back end' } });
  const ada = await cast.arrive('Ada');
  expect(await ada.join('made', {}, false)).toEqual({ value: null });
  expect(await ada.room()).toMatchObject({ metadata: { title: 'Made by a back end' }, options: { capacity: 2 } });
  // Who joins a room that a back end made has to be granted the role.
  expect(await ada.state()).toMatchObject({ role: 'participant' });
  const ben = await cast.join('Ben', 'made');
  await ben.expectMore(ada, 'video');

  const rooms = [];
  for await (const { url } of server.listRooms()) rooms.push(url);
  expect(rooms).toContain('comm://localhost/made');
  const { participants } = await server.listParticipants('made');
  expect(
    Object.values(participants).map(({ identity, publications }) => [identity.name, Object.keys(publications)]),
  ).toEqual(
    expect.arrayContaining([
      ['Ada', ['main']],
      ['Ben', ['main']],
    ]),
  );
  await server.updateRoom('made', { metadata: { title: 'Changed' }, locked: true });
  await vi.waitFor(
    async () => expect((await ben.events('roomChanged')).at(-1)).toEqual([{ title: 'Changed' }, true]),
    SOON,
  );
  const cleo = await cast.arrive('Cleo');
  expect(await cleo.join('made')).toMatchObject({ code: 'locked' });
  await server.endRoom('made', { reason: 'closing time' });
  for (const member of [ada, ben]) {
    await vi.waitFor(async () => expect(await member.events('closed')).toEqual([['ended', 'closing time']]), SOON);
  }
});

it('a back end mutes, appoints, writes and removes', async () => {
  const cast = await Cast.open(scene());
  const server = backEnd();
  const ada = await cast.join('Ada', 'run');
  const ben = await cast.join('Ben', 'run');
  await ada.expectMore(ben, 'audio');
  const { id = '' } = await ben.state();
  await server.updateParticipant('run', id, { blocked: ['microphone'], role: 'moderator', metadata: { seat: '2' } });
  await vi.waitFor(async () => {
    expect(await ada.sees(ben)).toMatchObject({ blocked: ['microphone'], role: 'moderator', metadata: { seat: '2' } });
  }, SOON);
  await ada.expectNothing(ben, 'audio');
  await ada.expectMore(ben, 'video');
  await server.sendData('run', { topic: 'chat', data: 'Welcome' });
  await vi.waitFor(async () => expect(await ada.events('chatMessage')).toEqual([[undefined, 'Welcome', 'all']]), SOON);
  await server.removeParticipant('run', id, { reason: 'enough' });
  await vi.waitFor(async () => expect(await ben.events('closed')).toEqual([['removed', 'enough']]), SOON);
  await vi.waitFor(async () => expect(await ada.state()).toMatchObject({ participants: {} }), SOON);
});

it('a back end invites, and lets in who waits', async () => {
  const cast = await Cast.open(scene());
  const server = backEnd();
  await server.createRoom('invited', { waitingRoom: true });
  const chair = await server.inviteParticipant('invited', { user: 'chair', name: 'Chair', moderate: true });
  const ada = await cast.arriveWith('Ada', chair.token);
  expect(await ada.join('invited', {}, false)).toEqual({ value: null });
  expect(await ada.state()).toMatchObject({ role: 'moderator' });
  const guest = await server.inviteParticipant('invited', { user: 'guest' });
  const ben = await cast.arriveWith('Ben', guest.token);
  const joining = ben.join('invited', {}, false);
  await vi.waitFor(async () => expect(await ada.events('waitingChanged')).toHaveLength(1), SOON);
  const [id = ''] = Object.keys((await server.listParticipants('invited')).waiting);
  await server.admit('invited', id);
  expect(await joining).toEqual({ value: null });
  await ada.do('leave');
  await ben.do('leave');
});
