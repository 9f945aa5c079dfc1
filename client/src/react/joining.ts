import type { CloseReason, Hyperroom, JoinOptions, Room, WaitingFor } from '../index.ts';
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

/** `status` and `cancel` of `useJoin` take the place of what is left out. */
export type JoinRoomOptions = Omit<JoinOptions, 'onWaiting' | 'signal'>;

interface Attempt {
  readonly roomId: string;
  readonly aborting: AbortController;
  /** Once it is joined. */
  room?: Room;
}

const IDLE: JoinState = { status: 'idle' };
const NOWHERE: Promise<Room | undefined> = Promise.resolve(undefined);

/** At most one room at a time, on its way, joined or over. */
export class Joining extends Store<JoinState> {
  /** None before the first, and when the last one is over. */
  #attempt: Attempt | undefined;
  #entered = NOWHERE;
  #isGone = false;

  constructor() {
    super(IDLE);
  }

  /** Whoever is gone leaves, and does not join any more. */
  readonly use: () => () => void = whileUsed(() => {
    this.#isGone = false;
    return () => {
      this.#isGone = true;
      this.reset();
    };
  });

  /** The room that is joined, or on its way, is not joined again; another one is left. Resolves with undefined if that comes to nothing. */
  join(client: Hyperroom, roomId: string, options: JoinRoomOptions): Promise<Room | undefined> {
    if (this.#isGone || this.#attempt?.roomId === roomId) return this.#entered;
    this.reset();
    const attempt: Attempt = { roomId, aborting: new AbortController() };
    this.#attempt = attempt;
    this.set({ status: 'joining' });
    this.#entered = this.#enter(client, attempt, options);
    return this.#entered;
  }

  readonly cancel = (): void => {
    if (this.#attempt && !this.#attempt.room) this.reset();
  };

  readonly reset = (): void => {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.aborting.abort();
    attempt?.room?.leave();
    this.#entered = NOWHERE;
    this.set(IDLE);
  };

  async #enter(client: Hyperroom, attempt: Attempt, options: JoinRoomOptions): Promise<Room | undefined> {
    const onWaiting = (what: WaitingFor) =>
      this.#tell(attempt, { status: what === 'moderator' ? 'waiting' : 'starting' });
    try {
      const room = await client.join(attempt.roomId, { ...options, onWaiting, signal: attempt.aborting.signal });
      // What is written before anything is shown is not missed.
      const stopChat = chatLogOf(room).listen();
      room.on('closed', (reason, description) => {
        stopChat();
        this.#tell(attempt, { status: 'ended', ending: { reason, description } }, true);
      });
      attempt.room = room;
      if (this.#tell(attempt, { status: 'joined', room })) return room;
      room.leave();
    } catch (error) {
      this.#tell(attempt, { status: 'failed', error }, true);
    }
    return undefined;
  }

  /** Unless another attempt has taken its place, or none; says whether that is so. */
  #tell(attempt: Attempt, state: JoinState, isOver = false): boolean {
    if (this.#attempt !== attempt) return false;
    if (isOver) this.#attempt = undefined;
    this.set(state);
    return true;
  }
}
