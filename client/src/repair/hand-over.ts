import type { ConnectionController } from '../connection-controller.ts';
import { statsOf } from '../insight/reports.ts';
import type { MediaConnection } from '../media-connection.ts';

/** Milliseconds between two looks at connections that others take over from. */
const POLL = 100;
/** Milliseconds that a connection which stands may take to do what the one before has done, for all to see: that may be paused, or muted. */
export const SHOWING = 3_000;
/** Milliseconds that what a connection has shown last is kept after its end, for another to show it. */
export const LIMIT = 15_000;

export interface HandOverOptions {
  connections: ConnectionController;
  /** Whether the room says that what a connection publishes arrives. */
  isConnected: (connection: MediaConnection) => boolean;
  /** Hears that connections have gone. */
  onGone: () => void;
}

/** Lets go of connections as others do what they did: not before, for nobody is to see or hear a gap. */
export class HandOver {
  readonly #options: HandOverOptions;
  #isLooking = false;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** Lets go of what it can; returns the milliseconds after which to look again. */
  look(): number {
    const { outgoing } = this.#options.connections;
    if (outgoing.length === 0) return Infinity;
    if (!this.#isLooking) this.#release(outgoing);
    return POLL;
  }

  async #release(outgoing: MediaConnection[]): Promise<void> {
    this.#isLooking = true;
    const relieved = await Promise.all(outgoing.map((connection) => this.#isRelieved(connection)));
    this.#isLooking = false;
    const gone = outgoing.filter((_, index) => relieved[index]);
    for (const { url } of gone) this.#options.connections.drop(url);
    if (gone.length > 0) this.#options.onGone();
  }

  async #isRelieved(before: MediaConnection): Promise<boolean> {
    const { connections, isConnected } = this.#options;
    const now = performance.now();
    const next = connections.successorOf(before);
    const isPublishing = before.direction === 'publish';
    if (next?.transport === 'connected') {
      if (now - next.since >= SHOWING) return true;
      // In another epoch the others, too, are on their way to where it is seen from now on.
      return isPublishing ? before.epoch === next.epoch && isConnected(next) : showsTheSame(before, next);
    }
    if (isPublishing) return false;
    // What a spare is needed for is known when its successor is; without one it belongs to what is over.
    if (!before.peer && (!next || next.answeredAt !== undefined)) return true;
    return before.transport !== 'connected' && now - before.since >= LIMIT;
  }
}

async function showsTheSame(before: MediaConnection, next: MediaConnection): Promise<boolean> {
  if (!before.peer || before.peer !== next.peer || before.publication !== next.publication) return true;
  const [wanted, shown] = await Promise.all([received(before), received(next)]);
  return [...wanted].every((kind) => shown.has(kind));
}

/** The kinds of media of which something has come that can be played. */
async function received(connection: MediaConnection): Promise<Set<string>> {
  const stats = statsOf(await connection.getStats(), 'inbound-rtp');
  return new Set(stats.filter((each) => (each.framesDecoded ?? each.packetsReceived ?? 0) > 0).map(({ kind }) => kind));
}
