import { type Cloud, DOMAIN } from '../aws/cloud.ts';
import type { Io } from '../io.ts';
import type { Transports } from '../media/transports.ts';
import { Network } from '../network.ts';
import { Process } from '../time/process.ts';
import { Hyperroom, type JoinOptions, type Room } from './client.ts';
import { cameraAndMicrophone } from './media.ts';
import { peerConnectionOf } from './peer-connection.ts';
import { webSocketOf } from './web-socket.ts';

/** What somebody wants, whatever happens to the page. */
export type Intention = 'out' | 'in';

/** Somebody's browser tab. */
export class Page {
  readonly name: string;
  readonly process: Process;
  readonly network: Network;
  readonly stream: MediaStream = cameraAndMicrophone();
  /** What `join` gave, however it is by now. */
  room: Room | undefined;
  /** Why the last join failed. */
  refusal: unknown;
  intention: Intention = 'out';
  joining = false;
  readonly closings: string[] = [];
  readonly #io: Io;
  readonly #hyperroom: Hyperroom;

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
      WebSocket: webSocketOf(host, cloud.gateway),
      RTCPeerConnection: peerConnectionOf({ host, transports, newFragment: () => `${name}-${random.below(1e9)}` }),
    });
  }

  /** In the room, by its own account. */
  get isIn(): boolean {
    return this.process.alive && this.room !== undefined && this.room.state !== 'closed';
  }

  join(roomId: string, options: Partial<JoinOptions> = {}): void {
    this.intention = 'in';
    this.joining = true;
    const join = async () => {
      try {
        const room = await this.#hyperroom.join(roomId, {
          name: this.name,
          create: true,
          stream: this.stream,
          ...options,
        });
        this.room = room;
        room.on('closed', (reason) => this.#closed(reason));
        this.#io.scheduler.note(`has joined as ${room.localParticipant.id}`);
        if (this.intention === 'out') this.leave();
      } catch (error) {
        this.refusal = error;
        this.#io.scheduler.note(`could not join: ${error}`);
      } finally {
        this.joining = false;
      }
    };
    this.run('joins', () => void join());
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

  /** Runs something on the page. */
  run(what: string, run: () => void): void {
    this.#io.scheduler.after(0, what, run, this.process);
  }

  #closed(reason: string): void {
    this.closings.push(reason);
    this.#io.scheduler.note(`closed: ${reason}`);
  }
}
