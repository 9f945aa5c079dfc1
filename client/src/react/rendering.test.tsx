// @vitest-environment happy-dom
import { memo } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Participant } from '../index.ts';
import { dataPush, participant, roomUpdate } from '../testing/fake-room.ts';
import { fakeBrowser } from '../testing/join.ts';
import {
  Call,
  RoomProvider,
  useActiveSpeakers,
  useChat,
  useIsSpeaking,
  useParticipant,
  useParticipants,
  VideoTile,
} from './index.ts';
import { type CallOf, callOf } from './testing/call-of.ts';
import { doing, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

const OTHERS = ['bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida'];
const A_WHILE = 3_000;

/** What has been rendered since, in order; of a tile the participant's name. */
let rendered: string[] = [];
let call: CallOf;
let element: HTMLElement;

const Tile = memo(function Tile({ participant }: { participant: Participant }) {
  const { name, muted, publications } = useParticipant(participant);
  const isSpeaking = useIsSpeaking(participant);
  rendered.push(name);
  return (
    <li
      data-name={name}
      data-muted={muted.microphone}
      data-speaking={isSpeaking}
      data-screen={'screen' in publications}
    />
  );
});

function Grid() {
  const participants = useParticipants();
  rendered.push('grid');
  return participants.map((participant) => <Tile key={participant.id} participant={participant} />);
}

function Beside() {
  const { messages, unread } = useChat();
  const speakers = useActiveSpeakers();
  return (
    <p data-unread={unread}>{[...messages, ...speakers].map((each) => ('text' in each ? each.text : each.name))}</p>
  );
}

/** Somebody's tile. */
const tile = (name: string) => element.querySelector<HTMLElement>(`[data-name=${name}]`);
const renderedBy = async (what: () => unknown) => {
  rendered = [];
  await doing(what);
  return rendered;
};

// A call of nine.
beforeEach(async () => {
  call = await callOf(OTHERS);
  ({ element } = await mount(
    <RoomProvider room={call.room}>
      <Grid />
      <Beside />
    </RoomProvider>,
  ));
});

test('everybody has a tile, oneself the first', () => {
  const names = [...element.querySelectorAll<HTMLElement>('[data-name]')].map((each) => each.dataset.name);
  expect(names).toEqual([call.room.localParticipant.name, ...OTHERS]);
});

test('a mute renders the tile of whoever is muted, once', async () => {
  const by = await renderedBy(() => call.socket.deliver(roomUpdate(6, 'participants.cyd.muted', ['microphone'])));
  expect(by).toEqual(['cyd']);
  expect(tile('cyd')?.dataset.muted).toBe('true');
});

test("one's own mute renders one's own tile, at once", async () => {
  const { localParticipant } = call.room;
  const by = await renderedBy(() => {
    localParticipant.mute('microphone').catch(() => {});
  });
  expect(by).toEqual([localParticipant.name]);
  expect(tile(localParticipant.name)?.dataset.muted).toBe('true');
});

test('who begins and who ceases to speak is rendered, and nobody else', async () => {
  const hush = (name: string, level: number) => async () => {
    call.voiceOf(name).level = level;
    await vi.advanceTimersByTimeAsync(A_WHILE);
  };
  expect(await renderedBy(hush('bob', 0.5))).toEqual(['bob']);
  expect(tile('bob')?.dataset.speaking).toBe('true');
  expect(await renderedBy(hush('dan', 0.5))).toEqual(['dan']);
  expect(await renderedBy(hush('bob', 0))).toEqual(['bob']);
  expect([tile('bob'), tile('dan')].map((each) => each?.dataset.speaking)).toEqual(['false', 'true']);
  expect(element.querySelector('p')?.textContent).toBe('dan');
});

test('what is written renders no tile', async () => {
  expect(await renderedBy(() => call.socket.deliver(dataPush({ data: 'good morning' }, 'bob')))).toEqual([]);
  expect(element.querySelector('p')?.textContent).toBe('good morning');
});

test('what is heard of the room, or of who waits, renders no tile', async () => {
  const changes = () => {
    call.socket.deliver(roomUpdate(6, 'metadata', { title: 'Stand-up' }));
    call.socket.deliver(roomUpdate(7, 'options.locked', true));
  };
  expect(await renderedBy(changes)).toEqual([]);
  expect(call.room.options.locked).toBe(true);
});

test('who comes or goes leaves the tiles of all others as they are', async () => {
  const before = new Map(OTHERS.map((name) => [name, tile(name)]));
  const zoe = participant('zoe');
  expect(await renderedBy(() => call.socket.deliver(roomUpdate(6, 'participants.zoe', zoe)))).toEqual(['grid', 'zoe']);
  expect(await renderedBy(() => call.socket.deliver(roomUpdate(7, 'participants.bob')))).toEqual(['grid']);
  for (const name of OTHERS) expect(tile(name)).toBe(name === 'bob' ? null : before.get(name));
});

test('a shared screen renders the tile of whose it is', async () => {
  const screen = { connection: 'connection://example.org/x', sources: ['screen'], media: 'connected' };
  const by = await renderedBy(() => call.socket.deliver(roomUpdate(6, 'participants.eve.publications.screen', screen)));
  expect(by).toEqual(['eve']);
  expect(tile('eve')?.dataset.screen).toBe('true');
});

test('of <VideoTile>, in a <Call> and outside, only that of who is muted is so much as looked at, and none when somebody comes', async () => {
  const Tiles = () => useParticipants().map((each) => <VideoTile key={each.id} participant={each} />);
  await mount(<Call room={call.room} />);
  await mount(
    <RoomProvider room={call.room}>
      <Tiles />
    </RoomProvider>,
  );
  const { participants } = call.room;
  const looks = [...participants].map(([name, each]) => [name, vi.spyOn(each, 'isMuted')] as const);
  const lookedAtBy = async (what: () => unknown) => {
    for (const [, look] of looks) look.mockClear();
    await doing(what);
    return looks.flatMap(([name, look]) => (look.mock.calls.length > 0 ? [name] : []));
  };
  const mute = roomUpdate(6, 'participants.cyd.muted', ['camera']);
  expect(await lookedAtBy(() => call.socket.deliver(mute))).toEqual(['cyd']);
  const zoe = roomUpdate(7, 'participants.zoe', participant('zoe'));
  expect(await lookedAtBy(() => call.socket.deliver(zoe))).toEqual([]);
});
