import type { VideoSize } from '../src/devices/index.ts';
import type { RoomOptions } from '../src/index.ts';
import { toRoomId } from './before/room-name.ts';

/*
 * What the address of the call page may say:
 *   ?room=<id>               the room: such a link is an invitation
 *   ?name=<name>             the name to join with (else the one used last)
 *   ?auto=1                  join at once, for scripts; needs room and name
 *   ?video=<w>x<h>@<rate>    what to ask of the camera; default 640x360@24
 *   ?token=<jwt>             the token to join with
 *   ?options=<json>          how the room is to be run, if this join creates it
 */
export interface Address {
  room: string | undefined;
  name: string | undefined;
  isAuto: boolean;
  video: VideoSize;
  token: string | undefined;
  options: RoomOptions;
}

export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search);
  return {
    room: toRoomId(parameters.get('room') ?? '') || undefined,
    name: parameters.get('name') || undefined,
    isAuto: parameters.get('auto') === '1',
    video: videoSize(parameters.get('video')),
    token: parameters.get('token') || undefined,
    options: JSON.parse(parameters.get('options') ?? '{}'),
  };
}

/** The link that brings others into a room. */
export function invitation(room: string): string {
  const url = new URL(location.pathname, location.origin);
  url.searchParams.set('room', room);
  return url.href;
}

function videoSize(text: string | null): VideoSize {
  const [width = 640, height = 360, frameRate = 24] = text?.split(/[x@]/).map(Number) ?? [];
  return { width, height, frameRate };
}
