// @vitest-environment happy-dom
import { createRef } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { Participant, Room } from '../index.ts';
import { participant, publication, roomUpdate } from '../testing/fake-room.ts';
import { answerUpdate, fakeBrowser, settle, updatesOf } from '../testing/join.ts';
import { Call, RoomProvider, useParticipants, Video, VideoTile } from './index.ts';
import { callOf } from './testing/call-of.ts';
import { doing, labelled, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

const press = (element: HTMLElement) =>
  doing(async () => {
    element.click();
    await settle();
  });
const tileOf = (element: HTMLElement, name: string, of = 'main') => {
  const found = element.querySelector<HTMLElement>(`[data-participant='${name}'][data-publication='${of}']`);
  if (!found) throw new Error(`${name} has no tile`);
  return found;
};

test('a whole call: seen, muted, unmuted and left', async () => {
  const { room, socket } = await callOf(['bob', 'cyd']);
  const onLeave = vi.fn();
  const { element } = await mount(<Call room={room} onLeave={onLeave} className="mine" />);
  const tiles = [...labelled(element, 'Participants').querySelectorAll('figure')];
  expect(tiles.map((tile) => tile.getAttribute('aria-label'))).toEqual([
    `${room.localParticipant.name} (you)`,
    'bob',
    'cyd',
  ]);
  expect(tiles.map((tile) => tile.querySelector('video')?.srcObject)).toEqual(
    [room.localParticipant, ...room.participants.values()].map(({ stream }) => stream),
  );
  expect(element.querySelector('[data-hyperroom=call]')?.className).toBe('mine');

  const mute = labelled(element, 'Mute microphone');
  expect(mute.getAttribute('aria-pressed')).toBe('false');
  await press(mute);
  expect(mute.getAttribute('aria-pressed')).toBe('true');
  expect(updatesOf(socket).at(-1)).toEqual({ muted: ['microphone'] });
  await doing(() => answerUpdate(socket));
  await press(mute);
  await doing(() => answerUpdate(socket));
  expect(room.localParticipant.isMuted('microphone')).toBe(false);
  expect(mute.getAttribute('aria-pressed')).toBe('false');

  await press(labelled(element, 'Leave'));
  expect(room.state).toBe('closed');
  expect(onLeave).toHaveBeenCalledExactlyOnceWith('left');
  expect(element.querySelector('[role=status]')?.textContent).toBe('The call is over');
  expect(element.querySelectorAll('button')).toHaveLength(0);
});

test('what cannot be unmuted is said, and what a moderator has muted cannot be pressed', async () => {
  const { room, socket, self } = await callOf([]);
  const { element } = await mount(<Call room={room} />);
  const button = labelled(element, 'Turn camera off');
  await press(button);
  await doing(() => answerUpdate(socket));
  await press(button);
  await doing(() => answerUpdate(socket, { code: 403, description: 'the camera is blocked' }));
  expect(element.querySelector('[role=alert]')?.textContent).toBe('the camera is blocked');
  await doing(() => socket.deliver(roomUpdate(6, `participants.${self.id}.blocked`, ['camera'])));
  expect(button).toMatchObject({ disabled: true, title: 'Muted by a moderator' });
});

test('it says that the room is lost, and that sound waits for a click', async () => {
  const { room, socket } = await callOf(['bob']);
  let isAllowed = false;
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(async function (this: HTMLMediaElement) {
    if (!isAllowed) throw new DOMException('not before a click', 'NotAllowedError');
    this.dispatchEvent(new Event('playing'));
  });
  const { element } = await mount(<Call room={room} />);
  await doing(() => socket.deliver(roomUpdate(6, 'media', 'waiting')));
  const status = element.querySelector('[role=status]');
  expect(status?.textContent).toBe('Reconnecting…Play sound');
  isAllowed = true;
  await press(labelled(element, 'Play sound'));
  expect(status?.textContent).toBe('Reconnecting…');
});

test('a shared screen has a tile of its own, before that of whose it is', async () => {
  const { room, socket } = await callOf(['bob']);
  const { element } = await mount(<Call room={room} />);
  const screen = publication('bob', { sources: ['screen'] });
  await doing(() => socket.deliver(roomUpdate(6, 'participants.bob.publications.screen', screen)));
  const labels = [...element.querySelectorAll('figure')].map((tile) => tile.getAttribute('aria-label'));
  expect(labels.slice(1)).toEqual(['bob: screen', 'bob']);
  await doing(() => socket.deliver(roomUpdate(7, 'participants.bob.publications.screen')));
  expect(element.querySelectorAll('figure')).toHaveLength(2);
});

describe('a tile', () => {
  function Tiles() {
    return useParticipants().map((each: Participant) => <VideoTile key={each.id} participant={each} />);
  }
  const tiles = (room: Room) =>
    mount(
      <RoomProvider room={room}>
        <Tiles />
      </RoomProvider>,
    );

  test('has initials where there is no picture, and says why to those who do not see it', async () => {
    const { room, socket } = await callOf(['bob']);
    const { element } = await tiles(room);
    const tile = tileOf(element, 'bob');
    expect([tile.dataset.picture, tile.querySelector('[data-part=initials]')]).toEqual(['true', null]);
    const bob = participant('bob', { muted: ['microphone', 'camera'], status: 'disconnected' });
    bob.identity.name = 'Bob van den Berg';
    await doing(() => socket.deliver(roomUpdate(6, 'participants.bob', bob)));
    expect(tile.querySelector('[data-part=initials]')?.textContent).toBe('BB');
    expect(tile.getAttribute('aria-label')).toBe('Bob van den Berg, microphone muted, camera off, connection lost');
    expect(tile.dataset).toMatchObject({ muted: 'microphone camera', status: 'disconnected', quality: 'unknown' });
    expect(tile.dataset.picture).toBeUndefined();
  });

  test('of oneself is silent, and a mirror; of others it sounds', async () => {
    const { room } = await callOf(['bob']);
    const { element } = await tiles(room);
    const own = tileOf(element, room.localParticipant.id);
    expect(own.dataset.local).toBe('true');
    expect(own.querySelector('video')).toMatchObject({ muted: true, style: { transform: 'scaleX(-1)' } });
    expect(tileOf(element, 'bob').querySelector('video')).toMatchObject({ muted: false, style: { transform: '' } });
  });

  test('shows who speaks', async () => {
    const { room, voiceOf } = await callOf(['bob']);
    const { element } = await tiles(room);
    voiceOf('bob').level = 0.5;
    await doing(() => vi.advanceTimersByTimeAsync(1_000));
    expect(tileOf(element, 'bob').dataset.speaking).toBe('true');
  });

  test('of somebody who publishes nothing has no video', async () => {
    const { room, socket } = await callOf([]);
    const { element } = await tiles(room);
    await doing(() => socket.deliver(roomUpdate(6, 'participants.eve', participant('eve', { publications: {} }))));
    expect(tileOf(element, 'eve').querySelector('video')).toBeNull();
  });

  test('takes attributes and children', async () => {
    const { room } = await callOf(['bob']);
    const bob = room.participants.get('bob');
    const { element } = await mount(
      <RoomProvider room={room}>
        {bob && (
          <VideoTile participant={bob} className="large" data-testid="tile">
            <b>crown</b>
          </VideoTile>
        )}
      </RoomProvider>,
    );
    const tile = tileOf(element, 'bob');
    expect([tile.className, tile.dataset.testid, tile.querySelector('b')?.textContent]).toEqual([
      'large',
      'tile',
      'crown',
    ]);
  });
});

test('a <Video> gives its element, attaches what it is given, and lets go of it', async () => {
  const { room } = await callOf(['bob', 'cyd']);
  const [bob, cyd] = [...room.participants.values()].map(({ publications }) => publications.get('main'));
  if (!bob || !cyd) throw new Error('they publish');
  const ref = createRef<HTMLVideoElement>();
  const { render, unmount } = await mount(<Video publication={bob} ref={ref} />);
  const video = ref.current;
  expect(video?.srcObject).toBe(bob.stream);
  await render(<Video publication={cyd} ref={ref} />);
  expect(ref.current).toBe(video);
  expect(video?.srcObject).toBe(cyd.stream);
  await unmount();
  expect([video?.srcObject, ref.current]).toEqual([null, null]);
});
