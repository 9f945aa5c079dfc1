import { Hyperroom, type HyperroomOptions, type Participant, type Room } from '@hyperroom/client';
import { firstFrame, now } from './first-frame.ts';
import { firstFrames } from './probe.ts';

/*
 * The least that a page can do with the SDK, for the benchmark: no pictures are shown. Commands are functions of
 * `hyperroomBench`; several participants may live in one page.
 */

interface Arrival {
  readonly name: string;
  readonly trackId: string;
  readonly at: number;
}

class Member {
  readonly arrivals: Arrival[] = [];
  readonly #hyperroom: Hyperroom;
  #room: Room | undefined;

  constructor(options: HyperroomOptions) {
    this.#hyperroom = new Hyperroom(options);
  }

  async join(room: string, name: string, stream: MediaStream): Promise<number> {
    // As in a page whose lobby has been shown.
    await this.#hyperroom.prepare();
    const startedAt = now();
    this.#room = await this.#hyperroom.join(room, { name, stream, create: true });
    this.#room.on('trackAdded', (track, from) => this.#note(track, from));
    for (const participant of this.#room.participants.values()) {
      for (const track of participant.tracks) this.#note(track, participant);
    }
    return startedAt;
  }

  get isPublishing(): boolean {
    return this.#room?.localParticipant.publications.get('main')?.media === 'connected';
  }

  async leave(): Promise<void> {
    await this.#room?.leave();
  }

  #note({ id, kind }: MediaStreamTrack, { name }: Participant): void {
    if (kind === 'video') this.arrivals.push({ name, trackId: id, at: now() });
  }
}

const members = new Map<string, Member>();
let stream: MediaStream | undefined;

/** Opens what this page will publish, so that no measurement waits for it. */
async function open(constraints: MediaStreamConstraints): Promise<void> {
  stream = await navigator.mediaDevices.getUserMedia(constraints);
}

function source(): MediaStream {
  if (!stream) throw new Error('open() comes first');
  return stream;
}

/** Joins; gives the moment it began to. */
function join(options: HyperroomOptions, room: string, name: string): Promise<number> {
  const member = new Member(options);
  members.set(name, member);
  return member.join(room, name, source());
}

function isPublishing(name: string): boolean {
  return members.get(name)?.isPublishing ?? false;
}

/** When `name` could see the first picture of each of the others: there must be a track to show, and a picture in it. */
function seen(name: string): Record<string, number> {
  const entries = (members.get(name)?.arrivals ?? []).flatMap(({ name: from, trackId, at }) => {
    const frameAt = firstFrames.get(trackId);
    return frameAt === undefined ? [] : [[from, Math.max(frameAt, at)]];
  });
  return Object.fromEntries(entries);
}

async function leave(name: string): Promise<void> {
  await members.get(name)?.leave();
  members.delete(name);
}

/** Milliseconds from nothing to the first picture between two peer connections in this page, without a server. */
async function floor(): Promise<number> {
  const startedAt = now();
  const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()];
  sender.onicecandidate = ({ candidate }) => receiver.addIceCandidate(candidate ?? undefined);
  receiver.onicecandidate = ({ candidate }) => sender.addIceCandidate(candidate ?? undefined);
  const arrived = new Promise<number | undefined>((resolve) => {
    receiver.addEventListener('track', ({ track }) => {
      if (track.kind === 'video') resolve(firstFrame(track));
    });
  });
  for (const track of source().getTracks()) sender.addTrack(track);
  await sender.setLocalDescription();
  if (sender.localDescription) await receiver.setRemoteDescription(sender.localDescription);
  await receiver.setLocalDescription();
  if (receiver.localDescription) await sender.setRemoteDescription(receiver.localDescription);
  const at = (await arrived) ?? Number.NaN;
  sender.close();
  receiver.close();
  return at - startedAt;
}

Object.assign(globalThis, { hyperroomBench: { open, join, isPublishing, seen, leave, floor } });
