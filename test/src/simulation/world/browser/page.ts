import { domainAddresses, type Message } from '@hyperroom/protocol';
import { RoomCheck } from '../../client/room-check.ts';
import { WireCheck } from '../../client/wire-check.ts';
import { type Cloud, DOMAIN } from '../aws/cloud.ts';
import type { Io, Span } from '../io.ts';
import type { Transports } from '../media/transports.ts';
import { Network } from '../network.ts';
import { ROLL_OVER } from '../node/media-node.ts';
import { Process } from '../time/process.ts';
import { Hyperroom, HyperroomError, type JoinOptions, type Room } from './client.ts';
import { aScreen, cameraAndMicrophone } from './media.ts';
import { peerConnectionOf } from './peer-connection.ts';
import { type Overhears, webSocketOf } from './web-socket.ts';

/** What somebody wants, whatever happens to the page. */
export type Intention = 'out' | 'in';

/** How an application goes on when a join has failed, or the room has closed by itself. */
const AGAIN: Span = [500, 2_000];

/** Somebody's browser tab, with an application in it that wants to be in a room. */
export class Page {
  readonly name: string;
  readonly process: Process;
  readonly network: Network;
  readonly stream: MediaStream = cameraAndMicrophone();
  /** The room as `join` gave it. */
  room: Room | undefined;
  intention: Intention = 'out';
  /** What went wrong, in the application's eyes. */
  readonly faults: string[] = [];
  /** Why joins have failed, and what they had to wait for. */
  readonly refusals: string[] = [];
  readonly waits: string[] = [];
  /** Chat that has arrived, in order. */
  readonly heard: string[] = [];
  readonly #io: Io;
  readonly #hyperroom: Hyperroom;
  readonly #others = new Set<string>();

  constructor(name: string, io: Io, cloud: Cloud, transports: Transports) {
    this.name = name;
    this.#io = io;
    this.process = new Process(name);
    this.network = new Network(io);
    const host = { process: this.process, network: this.network };
    const { random } = io.scheduler;
    this.#hyperroom = new Hyperroom({
      url: 'wss://signalling.example.org/live',
      domain: DOMAIN,
      token: `user:${name}`,
      pool: 3,
      socketLifetime: ROLL_OVER * cloud.gateway.longest,
      WebSocket: webSocketOf(host, cloud.gateway, this.#overhears()),
      RTCPeerConnection: peerConnectionOf({ host, transports, newFragment: () => `${name}-${random.below(1e9)}` }),
    });
  }

  /** In the room, by its own account. */
  get isIn(): boolean {
    return this.process.alive && this.room !== undefined && this.room.state !== 'closed';
  }

  /** What kinds of media it sends as `name`. */
  kindsOf(name: 'main' | 'screen'): string[] {
    return this.room?.localParticipant.publications.get(name)?.tracks.map(({ kind }) => kind) ?? [];
  }

  /** Wants to be in a room from now on: tries again where that fails. */
  join(roomId: string, options: Partial<JoinOptions> = {}): void {
    this.intention = 'in';
    this.run(`joins ${roomId}`, () => void this.#join(roomId, options));
  }

  /** Joins to see and hear only. */
  watch(roomId: string): void {
    this.intention = 'in';
    this.run(`watches ${roomId}`, () => void this.#join(roomId, { stream: new MediaStream() }));
  }

  leave(): void {
    this.intention = 'out';
    this.run('leaves', () => void this.room?.leave());
  }

  /** kill -9, or a laptop that is shut: nobody is told by it. */
  kill(): void {
    this.intention = 'out';
    this.#io.scheduler.note(`${this.name} is killed`);
    this.process.kill();
  }

  /** The machine is gone with its network: nobody is told anything, not even that a socket is closed. */
  perish(): void {
    this.network.cut();
    this.kill();
  }

  /** The tab is closed: the page may still say so. */
  close(): void {
    this.intention = 'out';
    const { scheduler } = this.#io;
    const hide = () => {
      this.process.page.dispatchEvent(new Event('pagehide'));
      scheduler.after(5, 'tab ends', () => this.process.kill(), scheduler.world);
    };
    this.run('tab closes', hide);
  }

  say(text: string): void {
    const failed = (error: unknown) => this.#io.scheduler.note(`could not say ${text}: ${error}`);
    this.run(`says ${text}`, () => void this.room?.sendChat(text).catch(failed));
  }

  shareScreen(): void {
    const failed = (error: unknown) => this.#io.scheduler.note(`could not share: ${error}`);
    const share = () => void this.room?.localParticipant.publish(aScreen(), { as: 'screen' }).catch(failed);
    this.run('shares a screen', share);
  }

  stopScreen(): void {
    this.run('stops sharing', () => void this.room?.localParticipant.unpublish('screen').catch(() => {}));
  }

  /** Runs something on the page. */
  run(what: string, run: () => void): void {
    this.#io.scheduler.after(0, what, run, this.process);
  }

  /** What the page is told it takes as it is: it has to be sound. */
  #overhears(): Overhears {
    const wire = new WireCheck(domainAddresses(DOMAIN));
    const rooms = new RoomCheck();
    const messages = (frame: string): Message[] => [JSON.parse(frame)].flat();
    return {
      sent: (frame) => {
        for (const message of messages(frame)) wire.sent(message);
      },
      received: (frame) => {
        const misfits = messages(frame).flatMap((message) => wire.misfit(message) ?? rooms.misfit(message) ?? []);
        this.faults.push(...misfits.map((misfit) => `is told what is not of the protocol: ${misfit}`));
      },
    };
  }

  async #join(roomId: string, options: Partial<JoinOptions>): Promise<void> {
    const again = () => {
      if (this.intention === 'out') return;
      const { scheduler } = this.#io;
      scheduler.after(this.#io.delay(AGAIN), 'joins again', () => void this.#join(roomId, options), this.process);
    };
    try {
      const onWaiting = (what: string) => {
        this.#io.scheduler.note(`waits for ${what}`);
        this.waits.push(what);
      };
      const wanted = { name: this.name, create: true, stream: this.stream, onWaiting, ...options } as const;
      const room = await this.#hyperroom.join(roomId, wanted);
      this.#io.scheduler.note(`is in as ${room.localParticipant.id}`);
      this.#enter(room, again);
    } catch (error) {
      this.#io.scheduler.note(`could not join: ${error}`);
      this.refusals.push(String(error));
      // Nobody else has its address: it was its own join that it was refused for.
      if (error instanceof HyperroomError && error.code === 'conflict')
        this.faults.push(`its own join is in its way: ${error}`);
      again();
    }
  }

  #enter(room: Room, again: () => void): void {
    this.room = room;
    this.#others.clear();
    for (const id of room.participants.keys()) this.#others.add(id);
    room.on('participantJoined', ({ id, name }) => {
      if (this.#others.has(id)) this.faults.push(`${name} joined twice`);
      this.#others.add(id);
    });
    room.on('participantLeft', ({ id, name }) => {
      if (!this.#others.delete(id)) this.faults.push(`${name} left twice`);
    });
    room.on('chatMessage', ({ text }) => {
      if (this.heard.includes(text)) this.faults.push(`heard "${text}" twice`);
      this.heard.push(text);
    });
    room.on('closed', (reason) => {
      this.#io.scheduler.note(`closed: ${reason}`);
      if (this.intention === 'out') return;
      this.faults.push(`the room closed: ${reason}`);
      again();
    });
    if (this.intention === 'out') this.leave();
  }
}
