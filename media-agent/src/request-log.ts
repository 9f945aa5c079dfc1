import type { JoinCommand, MediaCommand, Message, UpdateCommand } from '@hyperroom/protocol';
import type { Counts } from './counts.ts';
import type { Log } from './log.ts';
import type { PostOutcome } from './post.ts';
import { type EndpointRef, type RoomKey, roomKeyOf, stayKeyOf } from './rooms/state.ts';

/** What the media server calls what was made for a request. */
export interface ServerObjects {
  pipeline: string | null;
  endpoints: string[];
}

export interface RequestLogOptions {
  objectsOf: (room: RoomKey, endpoints: readonly EndpointRef[]) => ServerObjects;
  counts: Counts;
  log: Log;
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

interface Undertaken {
  command: JoinCommand | UpdateCommand;
  at: number;
}

/** Not every request is answered: who has left meanwhile is not. */
const MAX_UNDERTAKEN = 10_000;

/** Follows requests of clients from the conference's command to the answer: what is logged of them, and how long joins take. */
export class RequestLog {
  readonly #options: RequestLogOptions;
  readonly #clock: () => number;
  readonly #undertaken = new Map<string, Undertaken>();

  constructor(options: RequestLogOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  /** Of what carries no trace, joins only matter: they are counted. */
  taken(command: MediaCommand): void {
    if (command.command === 'sync') return;
    const { connectionId, request, trace } = command.reply;
    const key = keyOf(connectionId, request.id);
    if ((command.command !== 'join' && trace === undefined) || this.#undertaken.has(key)) return;
    this.#undertaken.set(key, { command, at: this.#clock() });
    const [oldest] = this.#undertaken.keys();
    if (this.#undertaken.size > MAX_UNDERTAKEN && oldest !== undefined) this.#undertaken.delete(oldest);
  }

  posted(connectionId: string, messages: readonly Message[], outcome: PostOutcome): void {
    for (const { type, id, body } of messages) {
      const key = keyOf(connectionId, id);
      const undertaken = type === 'response' ? this.#undertaken.get(key) : undefined;
      if (!undertaken) continue;
      this.#undertaken.delete(key);
      this.#answered(undertaken, Number(body?.code), outcome);
    }
  }

  #answered({ command, at }: Undertaken, code: number, outcome: PostOutcome): void {
    const { counts, log } = this.#options;
    const { trace, received, connectionId, request } = command.reply;
    const now = this.#clock();
    // By two clocks, which on AWS differ by less than it takes to tell.
    const total = received === undefined ? undefined : Math.max(0, now - received);
    if (command.command === 'join' && outcome === 'delivered') {
      if (code >= 300) counts.joinRefused(code);
      else if (total !== undefined) counts.joinTook(total);
    }
    if (trace === undefined) return;
    log.info(outcome === 'delivered' ? 'answered' : 'answer undelivered', {
      trace,
      command: command.command,
      room: command.roster.room,
      participant: command.participant,
      connectionId,
      request: request.id,
      code,
      ...this.#objectsOf(command),
      ms: now - at,
      ...(total !== undefined && { total }),
    });
  }

  #objectsOf({ roster, participant, connections }: JoinCommand | UpdateCommand): ServerObjects {
    const room = roomKeyOf(roster);
    const stay = stayKeyOf(participant, roster.participants[participant]?.admitted ?? 0);
    return this.#options.objectsOf(
      room,
      connections.map(({ url }) => ({ room, stay, url })),
    );
  }
}

function keyOf(connectionId: string, id: Message['id']): string {
  return JSON.stringify([connectionId, id]);
}
