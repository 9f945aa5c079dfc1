import {
  type Connection,
  DEFAULT_ROOM_OPTIONS,
  type Direction,
  domainAddresses,
  type JoinCommand,
  kindsOf,
  type MediaKind,
  type PublicationName,
  type ReplyTo,
  type Room,
  type Roster,
  type RosterEntry,
  type Subscriptions,
  type SyncCommand,
  type UpdateCommand,
} from '@hyperroom/protocol';

/** Test support: what a conference sends to a media node. */

export const ADDRESSES = domainAddresses('example.test');
const NOW = '2026-01-01T00:00:00.000Z';

export function offerSdp(name: string): string {
  const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n';
  const video = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n';
  return `v=0\r\ns=${name}\r\na=ice-ufrag:x\r\na=fingerprint:sha-256 00\r\n${audio}${video}`;
}

export function connection(
  owner: string,
  name: string,
  as: PublicationName | 'receive',
  sdp = offerSdp(name),
): Connection {
  const direction: Direction = as === 'receive' ? 'receive' : 'publish';
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
      ...(as === 'receive' ? {} : { publication: as }),
      connectionDescription: { type: 'offer', sdp },
      iceCandidates: [],
    },
  };
}

/** An offer to receive in place of another. */
export function successor(owner: string, name: string, replaces: string): Connection {
  const { data, ...offer } = connection(owner, name, 'receive');
  return { ...offer, data: { ...data, replaces } };
}

/** A participant's offers to receive: `a-r0`, `a-r1`, … */
export function connectionsOf(owner: string, pool: number, first = 0): Connection[] {
  return Array.from({ length: pool }, (_, i) => connection(owner, `${owner}-r${first + i}`, 'receive'));
}

/** `a-pub`, and a pool of offers to receive. */
export function joinOffers(owner: string, pool = 3): Connection[] {
  return [connection(owner, `${owner}-pub`, 'main'), ...connectionsOf(owner, pool)];
}

export interface ConferenceOptions {
  roomId?: string;
  incarnation?: string;
  created?: string;
  roster?: Partial<Pick<Roster, 'departureGrace' | 'emptyTimeout' | 'codec' | 'maxBitrate' | 'lastN'>>;
}

/** What a participant says beside its offers. */
export interface Said {
  subscriptions?: Subscriptions;
  candidates?: UpdateCommand['candidates'];
}

/** A room as the conference has it; each change returns the command that it would send. */
export class Conference {
  readonly url: string;
  readonly #created: string;
  #requests = 0;
  #roster: Roster;

  constructor({ roomId = 'room', incarnation = 'i1', created = NOW, roster = {} }: ConferenceOptions = {}) {
    this.url = ADDRESSES.room(roomId);
    this.#created = created;
    const { codec, maxBitrate, lastN } = DEFAULT_ROOM_OPTIONS;
    const options = { departureGrace: 50, emptyTimeout: 0, codec, maxBitrate, lastN, ...roster };
    this.#roster = { room: this.url, incarnation, epoch: 1, version: 0, ...options, speakers: [], participants: {} };
  }

  get roster(): Roster {
    return structuredClone(this.#roster);
  }

  join(id: string, connections = joinOffers(id), { subscribes = true, subscriptions }: JoinSaid = {}): JoinCommand {
    const admitted = this.#bump();
    this.#roster.participants[id] = {
      hypertyURL: ADDRESSES.hyperty(id),
      connectionId: `conn-${id}`,
      status: 'live',
      publications: {},
      subscribes,
      admitted,
    };
    this.#publish(id, connections);
    return {
      command: 'join',
      roster: this.roster,
      participant: id,
      connections,
      room: this.#room(),
      reply: this.#reply(id),
      ...(subscriptions && { subscriptions }),
    };
  }

  /** Connections that publish change the room before the node hears of them. */
  update(id: string, connections: Connection[], { subscriptions, candidates = [] }: Said = {}): UpdateCommand {
    if (connections.some(({ data }) => data.publication)) this.#bump();
    this.#publish(id, connections);
    return {
      command: 'update',
      roster: this.roster,
      participant: id,
      connections,
      candidates,
      reply: this.#reply(id),
      ...(subscriptions && { subscriptions }),
    };
  }

  unpublish(id: string, name: PublicationName): SyncCommand {
    const { [name]: _, ...publications } = this.#entry(id).publications;
    return this.#change(id, { publications });
  }

  block(id: string, name: PublicationName, ...blocked: MediaKind[]): SyncCommand {
    const { publications } = this.#entry(id);
    const publication = publications[name];
    if (!publication) throw new Error(`${id} does not publish ${name}`);
    return this.#change(id, { publications: { ...publications, [name]: { ...publication, blocked } } });
  }

  /** Who speaks comes first among those who spoke. */
  speak(id: string): SyncCommand {
    this.#bump();
    const { speakers, lastN } = this.#roster;
    this.#roster.speakers = [id, ...speakers.filter((other) => other !== id)].slice(0, lastN);
    return this.sync();
  }

  leave(id: string): SyncCommand {
    this.#bump();
    delete this.#roster.participants[id];
    this.#roster.speakers = this.#roster.speakers.filter((speaker) => speaker !== id);
    return this.sync();
  }

  vanish(id: string): SyncCommand {
    return this.#change(id, { status: 'disconnected' });
  }

  comeBack(id: string, connectionId: string): SyncCommand {
    return this.#change(id, { status: 'live', connectionId });
  }

  /** Its media begin anew, here or elsewhere. */
  move(): SyncCommand {
    this.#roster.epoch += 1;
    this.#bump();
    return this.sync();
  }

  /** What the conference says of a room that is no more. */
  end(): SyncCommand {
    this.#roster = { ...this.#roster, version: Number.MAX_SAFE_INTEGER, speakers: [], participants: {} };
    return this.sync();
  }

  sync(): SyncCommand {
    return { command: 'sync', roster: this.roster };
  }

  #bump(): number {
    this.#roster.version += 1;
    return this.#roster.version;
  }

  #entry(id: string): RosterEntry {
    const entry = this.#roster.participants[id];
    if (!entry) throw new Error(`${id} is not there`);
    return entry;
  }

  #publish(id: string, connections: readonly Connection[]): void {
    const { publications } = this.#entry(id);
    for (const { url, data } of connections) {
      if (!data.publication) continue;
      const before = publications[data.publication];
      const kinds = kindsOf(data.connectionDescription.sdp);
      const since = before?.since ?? this.#roster.version;
      publications[data.publication] = { connection: url, kinds, blocked: before?.blocked ?? [], since };
    }
  }

  #change(id: string, change: Partial<RosterEntry>): SyncCommand {
    this.#roster.participants[id] = { ...this.#entry(id), ...change };
    this.#bump();
    return this.sync();
  }

  #reply(id: string): ReplyTo {
    this.#requests += 1;
    return {
      connectionId: this.#roster.participants[id]?.connectionId ?? `conn-${id}`,
      request: { id: `${id}-${this.#requests}`, from: ADDRESSES.hyperty(id), to: ADDRESSES.conference },
      before: [],
    };
  }

  #room(): Room {
    return {
      url: this.url,
      reporter: ADDRESSES.conference,
      version: this.#roster.version,
      created: this.#created,
      lastModified: NOW,
      data: {
        startingTime: this.#created,
        status: 'open',
        epoch: this.#roster.epoch,
        media: 'ready',
        options: DEFAULT_ROOM_OPTIONS,
        metadata: {},
        speakers: [],
        participants: {},
        waiting: {},
      },
    };
  }
}

interface JoinSaid {
  subscribes?: boolean;
  subscriptions?: Subscriptions;
}
