import { Hyperroom, type Room } from '@hyperroom/client';
import type { ExtraCommands } from '../pages/pose.ts';
import { camera, microphone, screen } from './stand-in-devices.ts';

/*
 * People in a page that has nothing but the SDK, who are there to be seen by a call page (`pages/theatre.ts`): many of them in one.
 */

const SIZE = { width: 320, height: 180 };
const rooms = new Map<string, Room>();

function roomOf(name: string): Room {
  const room = rooms.get(name);
  if (!room) throw new Error(`${name} is in no room`);
  return room;
}

const commands: ExtraCommands = {
  async join(server, extra) {
    const { name, room, muted = [], isSpeaking = false, hasRaisedHand = false, isWatching = false } = extra;
    const stream = new MediaStream(isWatching ? [] : [microphone(isSpeaking), camera(name, SIZE)]);
    // It shows what others show to nobody, so it needs no more connections for that than the SDK keeps to spare.
    const client = new Hyperroom({ ...server, pool: 2 });
    const options = { name, stream, muted, subscribe: 'chosen', create: true } as const;
    const metadata = hasRaisedHand ? { hand: String(Date.now()) } : {};
    rooms.set(name, await client.join(room, { ...options, metadata }));
  },

  knock(server, extra) {
    commands.join(server, extra).catch(() => {});
  },

  async say(name, text) {
    await roomOf(name).sendChat(text);
  },

  async share(name) {
    await roomOf(name).localParticipant.publish(new MediaStream([screen()]), { as: 'screen' });
  },

  async unshare(name) {
    await roomOf(name).localParticipant.unpublish('screen');
  },

  async remove(name, other, reason) {
    const room = roomOf(name);
    const participant = [...room.participants.values()].find((each) => each.name === other);
    if (participant) await room.moderation.remove(participant.id, { reason });
  },

  async end(name, reason) {
    await roomOf(name).moderation.end({ reason });
  },

  async leave(name) {
    await roomOf(name).leave();
    rooms.delete(name);
  },
};

Object.assign(globalThis, { hyperroomExtras: commands });
