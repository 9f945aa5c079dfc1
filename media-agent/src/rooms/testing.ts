import {
  type Connection,
  type Direction,
  domainAddresses,
  type JoinCommand,
  type OfferCommand,
  type ReplyTo,
  type Room,
  type Roster,
  type RosterEntry,
  type SyncCommand,
} from '@hyperroom/protocol';

/** Test support: what a conference sends to a media node. */

export const ADDRESSES = domainAddresses('example.test');
const NOW = '2026-01-01T00:00:00.000Z';

export function offerSdp(name: string): string {
  return `v=0\r\ns=${name}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:x\r\na=fingerprint:sha-256 00\r\n`;
}

export function connection(owner: string, name: string, direction: Direction, sdp = offerSdp(name)): Connection {
  return {
    url: ADDRESSES.connection(name),
    reporter: ADDRESSES.hyperty(owner),
    version: 0,
    created: NOW,
    lastModified: NOW,
    data: {
      status: 'new',
      owner: ADDRESSES.hyperty(owner),
      peer: null,
      direction,
      connectionDescription: { type: 'offer', sdp },
      iceCandidates: [],
    },
  };
}

/** A participant's publication and `pool` offers to receive: `a-pub`, `a-r0`, `a-r1`, … */
export function connectionsOf(owner: string, pool: number, first = 0): Connection[] {
  return Array.from({ length: pool }, (_, i) => connection(owner, `${owner}-r${first + i}`, 'receive'));
}

export interface ConferenceOptions {
  roomId?: string;
  incarnation?: string;
  created?: string;
  departureGrace?: number;
}

/** A room as the conference has it; each change returns the command that it would send. */
export class Conference {
  readonly url: string;
  readonly #incarnation: string;
  readonly #created: string;
  readonly #departureGrace: number;
  #version = 0;
  #requests = 0;
  #participants: Record<string, RosterEntry> = {};

  constructor({ roomId = 'room', incarnation = 'i1', created = NOW, departureGrace = 50 }: ConferenceOptions = {}) {
    this.url = ADDRESSES.room(roomId);
    this.#incarnation = incarnation;
    this.#created = created;
    this.#departureGrace = departureGrace;
  }

  get roster(): Roster {
    return {
      room: this.url,
      incarnation: this.#incarnation,
      version: this.#version,
      departureGrace: this.#departureGrace,
      participants: { ...this.#participants },
    };
  }

  join(id: string, connections: Connection[] = [connection(id, `${id}-pub`, 'publish'), ...connectionsOf(id, 3)]) {
    this.#version += 1;
    this.#participants[id] = {
      hypertyURL: ADDRESSES.hyperty(id),
      connectionId: `conn-${id}`,
      status: 'live',
      publishes: connections.some(({ data }) => data.direction === 'publish'),
      admitted: this.#version,
    };
    return {
      command: 'join',
      roster: this.roster,
      participant: id,
      connections,
      room: this.#room(),
      reply: this.#reply(id),
    } satisfies JoinCommand;
  }

  offer(id: string, connections: Connection[], candidates: OfferCommand['candidates'] = []): OfferCommand {
    return {
      command: 'offer',
      roster: this.roster,
      participant: id,
      connections,
      candidates,
      reply: this.#reply(id),
    };
  }

  leave(id: string): SyncCommand {
    this.#version += 1;
    delete this.#participants[id];
    return this.sync();
  }

  vanish(id: string): SyncCommand {
    return this.#change(id, { status: 'disconnected' });
  }

  comeBack(id: string, connectionId: string): SyncCommand {
    return this.#change(id, { status: 'live', connectionId });
  }

  sync(): SyncCommand {
    return { command: 'sync', roster: this.roster };
  }

  #change(id: string, change: Partial<RosterEntry>): SyncCommand {
    const entry = this.#participants[id];
    if (!entry) throw new Error(`${id} is not there`);
    this.#version += 1;
    this.#participants[id] = { ...entry, ...change };
    return this.sync();
  }

  #reply(id: string): ReplyTo {
    this.#requests += 1;
    return {
      connectionId: this.#participants[id]?.connectionId ?? `conn-${id}`,
      request: { id: `${id}-${this.#requests}`, from: ADDRESSES.hyperty(id), to: ADDRESSES.conference },
      before: [],
    };
  }

  #room(): Room {
    return {
      url: this.url,
      reporter: ADDRESSES.conference,
      version: this.#version,
      created: this.#created,
      lastModified: NOW,
      data: { startingTime: this.#created, status: 'open', capacity: 50, participants: {} },
    };
  }
}
