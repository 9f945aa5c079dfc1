import { Hyperroom, HyperroomError, type Room } from '@hyperroom/client';
import type { SeenFrame, Sent } from '../bench/gap-figures.ts';
import type { PauseTimes } from '../bench/pause-figures.ts';
import type { ArriveOptions, JoinRequest, MemberState, Outcome, Received, RoomState } from '../call/member-state.ts';
import { CountingSocket } from './counting-socket.ts';
import { Devices } from './devices.ts';
import { FrameLog } from './frame-log.ts';
import { pauseTimes } from './pause-times.ts';

/*
 * Participants in a page that has nothing but the SDK, told what to do by name (`browser/member.ts`). What they are asked
 * to call is the SDK's public interface, as an application would.
 */

class Member {
  readonly events: [string, ...unknown[]][] = [];
  readonly devices = new Devices();
  readonly frames = new FrameLog();
  readonly sockets: CountingSocket[] = [];
  readonly #hyperroom: Hyperroom;
  readonly #senders: RTCRtpSender[] = [];
  #room: Room | undefined;
  #waiting = false;

  constructor(url: string, domain: string, options: ArriveOptions) {
    const { sockets } = this;
    class Socket extends CountingSocket {
      constructor(address: string | URL) {
        super(address);
        sockets.push(this);
      }
    }
    this.#hyperroom = new Hyperroom({ url, domain, ...options, WebSocket: Socket });
  }

  async join(roomId: string, name: string, { media = [], ...options }: JoinRequest): Promise<void> {
    const stream = media.length > 0 ? this.devices.stream(media) : undefined;
    this.#room = await this.#hyperroom.join(roomId, {
      name,
      ...options,
      ...(stream && { stream }),
      onWaiting: () => {
        this.#waiting = true;
      },
    });
    this.#waiting = false;
    this.#listen(this.#room);
  }

  get room(): Room {
    if (!this.#room) throw new Error('not in a room');
    return this.#room;
  }

  #listen(room: Room): void {
    room.on('trackAdded', (track, from) => {
      play(track);
      this.frames.watch(track, from.name);
    });
    const note = (name: string, ...details: unknown[]) => this.events.push([name, ...details]);
    room.on('participantJoined', ({ name }) => note('participantJoined', name));
    room.on('participantLeft', ({ name }) => note('participantLeft', name));
    room.on('publicationAdded', ({ name }, from) => note('publicationAdded', from.name, name));
    room.on('publicationRemoved', ({ name }, from) => note('publicationRemoved', from.name, name));
    room.on('muted', (source, from, { by }) => note('muted', from.name, source, by));
    room.on('unmuted', (source, from, { by }) => note('unmuted', from.name, source, by));
    room.on('metadataChanged', ({ name, metadata }) => note('metadataChanged', name, metadata));
    room.on('roomChanged', () => note('roomChanged', room.metadata, room.options.locked));
    room.on('waitingChanged', () =>
      note(
        'waitingChanged',
        [...room.waiting.values()].map(({ name }) => name),
      ),
    );
    room.on('activeSpeakersChanged', (speakers) =>
      note(
        'activeSpeakersChanged',
        speakers.map(({ name }) => name),
      ),
    );
    room.on('roleChanged', ({ name, role }) => note('roleChanged', name, role));
    room.on('chatMessage', ({ text, from, to }) => note('chatMessage', from?.name, text, to ? 'some' : 'all'));
    room.on('stateChanged', (state) => note('stateChanged', state));
    room.on('closed', (reason, description) => note('closed', reason, description));
  }

  state(): MemberState {
    const room = this.#room;
    const others = room ? [...room.participants.values()] : [];
    return {
      waiting: this.#waiting,
      state: room?.state,
      messagesUp: this.sockets.reduce((sum, { up }) => sum + up, 0),
      messagesDown: this.sockets.reduce((sum, { down }) => sum + down, 0),
      id: room?.localParticipant.id,
      role: room?.localParticipant.role,
      events: this.events,
      participants: Object.fromEntries(
        others.map((other) => [
          other.name,
          {
            id: other.id,
            role: other.role,
            metadata: other.metadata,
            muted: (['microphone', 'camera', 'screen'] as const).filter((source) => other.isMuted(source)),
            blocked: (['microphone', 'camera', 'screen'] as const).filter((source) => other.isBlocked(source)),
            isSpeaking: other.isSpeaking,
            quality: other.quality,
            shown: [...other.publications.values()].filter(({ isShown }) => isShown).map(({ name }) => name),
            publications: [...other.publications.keys()],
          },
        ]),
      ),
    };
  }

  /** What it has made of pictures so far, and sent over the connection that it publishes over by now. */
  async sent(): Promise<Sent> {
    const { sent } = await this.room.getStats();
    const senders = this.room.localParticipant.publications.get('main')?.senders ?? [];
    const sender = senders.find(({ track }) => track?.kind === 'video');
    if (sender && !this.#senders.includes(sender)) this.#senders.push(sender);
    return {
      painted: this.devices.painted,
      encoded: sent.find(({ kind }) => kind === 'video')?.framesEncoded ?? 0,
      connection: this.#senders.length,
    };
  }

  /** What has come of the publications of others, from the browser's own statistics. */
  async received(): Promise<Received[]> {
    const { received } = await this.room.getStats();
    return received.map(({ participant, ...figures }) => ({
      ...figures,
      from: this.room.participants.get(participant)?.name ?? participant,
    }));
  }
}

/** Sound that nobody plays has no level. */
function play(track: MediaStreamTrack): void {
  if (track.kind !== 'audio') return;
  const audio = new Audio();
  audio.srcObject = new MediaStream([track]);
  document.body.append(audio);
  track.addEventListener('ended', () => audio.remove());
  void audio.play();
}

const members = new Map<string, Member>();

function memberOf(name: string): Member {
  const member = members.get(name);
  if (!member) throw new Error(`nobody is called ${name}`);
  return member;
}

async function outcomeOf(work: () => unknown): Promise<Outcome> {
  try {
    return { value: (await work()) ?? null };
  } catch (error) {
    if (error instanceof HyperroomError) return { code: error.code, message: error.message };
    throw error;
  }
}

const commands = {
  arrive(name: string, url: string, domain: string, options: ArriveOptions = {}): void {
    members.set(name, new Member(url, domain, options));
  },

  join: (name: string, roomId: string, request: JoinRequest): Promise<Outcome> =>
    outcomeOf(() => memberOf(name).join(roomId, name, request)),

  state: (name: string): MemberState => memberOf(name).state(),
  room(name: string): RoomState {
    const { options, metadata, waiting } = memberOf(name).room;
    return { options, metadata, waiting: [...waiting.keys()] };
  },
  received: (name: string): Promise<Received[]> => memberOf(name).received(),

  /** Calls what `path` names, from the room on: `localParticipant.mute`. Participants are spoken of by name: `@Ada`. */
  call(name: string, path: readonly string[], ...args: unknown[]): Promise<Outcome> {
    const { room } = memberOf(name);
    const idOf = (argument: unknown): unknown => {
      if (Array.isArray(argument)) return argument.map(idOf);
      if (argument && typeof argument === 'object') {
        return Object.fromEntries(Object.entries(argument).map(([key, value]) => [key, idOf(value)]));
      }
      if (typeof argument !== 'string' || !argument.startsWith('@')) return argument;
      return named(room, argument.slice(1))?.id ?? argument.slice(1);
    };
    return outcomeOf(() => {
      const target = path.slice(0, -1).reduce<unknown>((object, step) => walk(room, object, step), room);
      const method: unknown = Reflect.get(Object(target), path.at(-1) ?? '');
      if (typeof method !== 'function') throw new Error(`${path.join('.')} is not to be called`);
      return Reflect.apply(method, target, args.map(idOf)) as unknown;
    }).then((outcome) => ('value' in outcome ? { value: JSON.parse(JSON.stringify(outcome.value ?? null)) } : outcome));
  },

  publish: (name: string, media: readonly ('audio' | 'video')[], as: 'main' | 'screen'): Promise<Outcome> =>
    outcomeOf(async () => {
      const { devices, room } = memberOf(name);
      await room.localParticipant.publish(devices.stream(media, as), { as });
    }),

  /** Another device takes the place of the one that `source` comes from. */
  replace: (name: string, source: 'microphone' | 'camera' | 'screen', label: string): Promise<Outcome> =>
    outcomeOf(() => memberOf(name).room.localParticipant.replaceTrack(source, memberOf(name).devices.picture(label))),

  /** Shows a publication in a video element, and puts that where it can be seen or out of sight. */
  show(name: string, from: string, publication: 'main' | 'screen'): void {
    const { room } = memberOf(name);
    const video = document.createElement('video');
    video.id = `${name}-${from}`;
    video.muted = true;
    video.autoplay = true;
    document.body.append(video);
    named(room, from)?.publications.get(publication)?.attach(video);
  },
  place(name: string, from: string, where: 'in sight' | 'out of sight'): void {
    const video = document.getElementById(`${name}-${from}`);
    if (video) video.style.cssText = `position: absolute; width: 160px; top: ${where === 'in sight' ? '0' : '9000px'}`;
  },
  /** By asking for it, or by putting the element that `show` made out of sight. */
  pauseTimes(name: string, from: string, how: 'asked' | 'out of sight'): Promise<PauseTimes> {
    const { room } = memberOf(name);
    const publication = named(room, from)?.publications.get('main');
    if (!publication) throw new Error(`${from} publishes nothing`);
    const asked = { begin: () => publication.pause('video'), end: () => publication.resume('video') };
    const moved = {
      begin: () => commands.place(name, from, 'out of sight'),
      end: () => commands.place(name, from, 'in sight'),
    };
    return pauseTimes(room, publication, how === 'asked' ? asked : moved);
  },
  rest: (name: string, isResting: boolean): void => memberOf(name).devices.rest(isResting),
  sent: (name: string): Promise<Sent> => memberOf(name).sent(),
  frames: (name: string, from: string, since: number): readonly SeenFrame[] => memberOf(name).frames.since(from, since),
  speak: (name: string, aloud: boolean): void => memberOf(name).devices.speak(aloud),

  /** Keeps what a topic brings among the events. */
  listen(name: string, topic: string): void {
    const { room, events } = memberOf(name);
    room.channel(topic).on('message', (data, from) => events.push(['data', from?.name, data]));
  },
  send: (name: string, topic: string, data: unknown, to?: readonly string[]): Promise<Outcome> =>
    outcomeOf(async () => {
      const { room } = memberOf(name);
      const ids = to?.map((other) => named(room, other)?.id ?? other);
      await room.channel(topic).send(data, { ...(ids && { to: ids }) });
    }),
};

function named(room: Room, name: string) {
  return [...room.participants.values()].find((participant) => participant.name === name);
}

function walk(room: Room, object: unknown, step: string): unknown {
  if (step.startsWith('@')) return named(room, step.slice(1));
  return object instanceof Map ? object.get(step) : Reflect.get(Object(object), step);
}

Object.assign(globalThis, { hyperroomMembers: commands });
