import type { CloseReason, Hyperroom, JoinOptions, Room } from '../index.ts';
import { chatLogOf } from './chat-log.ts';
import { Store, whileUsed } from './subscribing.ts';

/** Why a room is over for this participant. */
export interface Ending {
  readonly reason: CloseReason;
  /** What a moderator had to say. */
  readonly description: string | undefined;
}

interface Absent {
  readonly room?: undefined;
  readonly error?: undefined;
  readonly ending?: undefined;
}

/** Where a join has come to. */
export type JoinState =
  /** `idle`: nothing was asked for. `waiting`: a moderator has to admit this participant. `starting`: a media server is being started. */
  | (Absent & { readonly status: 'idle' | 'joining' | 'waiting' | 'starting' })
  /** In the room, until it is closed. */
  | (Omit<Absent, 'room'> & { readonly status: 'joined'; readonly room: Room })
  /** What `Hyperroom.join` rejected with, a `HyperroomError` as a rule. */
  | (Omit<Absent, 'error'> & { readonly status: 'failed'; readonly error: unknown })
  /** The room was left, or closed otherwise. */
  | (Omit<Absent, 'ending'> & { readonly status: 'ended'; readonly ending: Ending });

/** Of `useJoin`: `cancel` and `reset` take the place of a signal. */
export type JoinRoomOptions = Omit<JoinOptions, 'signal'>;

interface Attempt {
  readonly client: Hyperroom;
  readonly roomId: string;
  readonly aborting: AbortController;
  entered: Promise<Room | undefined>;
  /** Once it is joined. */
  leave?: () => void;
}

const IDLE: JoinState = { status: 'idle' };

/** At most one room at a time, on its way, joined or over. */
export class Joining {
  readonly state = new Store<JoinState>(IDLE);
  #attempt: Attempt | undefined;

  /** Whoever is gone leaves. */
  readonly use: () => () => void = whileUsed(() => () => this.reset());

  /** The room that is joined, or on its way, is not joined again; another one is left. Resolves with undefined if that comes to nothing. */
  join(client: Hyperroom, roomId: string, options: JoinRoomOptions): Promise<Room | undefined> {
    const current = this.#attempt;
    if (current?.client === client && current.roomId === roomId) return current.entered;
    this.reset();
    const attempt: Attempt = { client, roomId, aborting: new AbortController(), entered: Promise.resolve(undefined) };
    this.#attempt = attempt;
    this.state.set({ status: 'joining' });
    attempt.entered = this.#enter(attempt, options);
    return attempt.entered;
  }

  readonly cancel = (): void => {
    if (this.#attempt && !this.#attempt.leave) this.reset();
  };

  readonly reset = (): void => {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.aborting.abort();
    attempt?.leave?.();
    this.state.set(IDLE);
  };

  async #enter(attempt: Attempt, options: JoinRoomOptions): Promise<Room | undefined> {
    const { client, roomId, aborting } = attempt;
    try {
      const room = await client.join(roomId, {
        ...options,
        signal: aborting.signal,
        onWaiting: (what) => {
          options.onWaiting?.(what);
          if (this.#attempt === attempt) this.state.set({ status: what === 'moderator' ? 'waiting' : 'starting' });
        },
      });
      if (this.#attempt === attempt) return this.#entered(attempt, room);
      await room.leave();
    } catch (error) {
      if (this.#attempt === attempt) this.#end({ status: 'failed', error });
    }
    return undefined;
  }

  #entered(attempt: Attempt, room: Room): Room {
    // What is written before anything is shown is not missed.
    const stopChat = chatLogOf(room).listen();
    const stop = room.on('closed', (reason, description) => {
      stopChat();
      this.#end({ status: 'ended', ending: { reason, description } });
    });
    attempt.leave = () => {
      stop();
      stopChat();
      room.leave();
    };
    this.state.set({ status: 'joined', room });
    return room;
  }

  #end(state: JoinState): void {
    this.#attempt = undefined;
    this.state.set(state);
  }
}
