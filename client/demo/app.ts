import { type CloseReason, Hyperroom } from '../src/index.ts';
import { afterCall } from './after-call.ts';
import { call } from './call.ts';
import { h, show } from './dom.ts';
import { brand, type Choice, lobby, notice } from './lobby.ts';
import { LocalMedia, type VideoSize } from './local-media.ts';
import { toRoomId } from './room-name.ts';
import { joinFailure } from './words.ts';

/*
 * The call page. What its address may say:
 *   ?room=<id>               the room: such a link is an invitation
 *   ?name=<name>             the name to join with (else the one used last)
 *   ?auto=1                  join at once, for scripts; needs room and name
 *   ?video=<w>x<h>@<rate>    what to ask of the camera; default 640x360@24
 */

interface Config {
  signalling: string;
  domain: string;
}

const NAME_KEY = 'hyperroom.name';

async function main(): Promise<void> {
  const address = new URLSearchParams(location.search);
  const hyperroom = new Hyperroom(await configuration());
  const size = videoSize(address.get('video'));
  let room = toRoomId(address.get('room') ?? '') || undefined;
  let name = address.get('name') ?? localStorage.getItem(NAME_KEY) ?? '';
  let isInvited = room !== undefined;
  let isDecided = address.get('auto') === '1' && isInvited && name !== '';
  let failure: string | undefined;

  for (;;) {
    const opening = LocalMedia.open(size);
    hyperroom.prepare();
    if (isDecided) show(joining(), 'Joining');
    const choice: Choice =
      isDecided && room ? { name, room } : await lobby({ name, room, isInvited, media: opening, failure });
    ({ name, room } = choice);
    localStorage.setItem(NAME_KEY, name);
    const media = await opening;
    try {
      const reason = await inRoom(hyperroom, choice, media);
      failure = undefined;
      isDecided = (await afterCall(reason)) === 'rejoin';
      if (!isDecided) room = undefined;
    } catch (error) {
      failure = joinFailure(error);
      isDecided = false;
    }
    // Who did not get in, or wants another room, is to choose one.
    isInvited = false;
  }
}

/** One call, from the join to its end. */
async function inRoom(hyperroom: Hyperroom, { name, room: id }: Choice, media: LocalMedia): Promise<CloseReason> {
  const link = invitation(id);
  history.replaceState(null, '', link);
  try {
    const room = await hyperroom.join(id, { name, create: true, stream: media.stream });
    return await call(room, media, link);
  } finally {
    media.stop();
  }
}

function joining(): HTMLElement {
  return h('main', { class: 'lobby' }, brand(), h('p', { class: 'farewell lead', role: 'status' }, 'Joining…'));
}

function invitation(room: string): string {
  const url = new URL(location.pathname, location.origin);
  url.searchParams.set('room', room);
  return url.href;
}

async function configuration(): Promise<{ url: string; domain: string }> {
  const response = await fetch('./config.json');
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  const { signalling, domain }: Config = await response.json();
  return { url: signalling, domain };
}

function videoSize(text: string | null): VideoSize {
  const [width = 640, height = 360, frameRate = 24] = text?.split(/[x@]/).map(Number) ?? [];
  return { width, height, frameRate };
}

main().catch((error: unknown) => {
  const text = `Hyperroom could not start: ${error instanceof Error ? error.message : error}`;
  show(h('main', { class: 'lobby' }, brand(), h('div', { class: 'farewell' }, notice(text))), 'Error');
});
