import type { Direction } from '@hyperroom/protocol';
import type { Endpoint, EndpointOptions, Pipeline } from './kurento/index.ts';
import type { EndpointRef, RoomKey } from './rooms/state.ts';

/** By this tag, with the node's id, the pipelines of a node are known. */
export const TAG = 'hyperroom';

export interface HeldRoom {
  pipeline: Promise<Pipeline> | null;
  /** The pipeline's, once it is there. */
  id: string | null;
  endpoints: Map<string, HeldEndpoint>;
}

export interface HeldEndpoint {
  ref: EndpointRef;
  direction: Direction;
  created: Promise<Endpoint>;
  /** Once it is created. */
  id: string | null;
  /** Once it has its answer. */
  answered: Endpoint | null;
  answering: AbortController;
  /** What it is connected to is changed by one call after the other. */
  wiring: Promise<void>;
}

/** An answered endpoint, in words that another process understands. */
export interface EndpointRecord {
  stay: string;
  url: string;
  direction: Direction;
  id: string;
  watched: boolean;
}

export interface RoomRecord {
  key: RoomKey;
  pipeline: string;
  endpoints: EndpointRecord[];
}

/** What this node has at the media server. */
export class Holdings {
  readonly rooms = new Map<RoomKey, HeldRoom>();

  get endpointCount(): number {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.endpoints.size, 0);
  }

  /** What another process needs to go on with it. What has no answer yet is not in it. */
  get record(): RoomRecord[] {
    return [...this.rooms].flatMap(([key, { id, endpoints }]) =>
      id === null ? [] : [{ key, pipeline: id, endpoints: [...endpoints.values()].flatMap(recordOf) }],
    );
  }

  /** Of everything that is there, pipelines and endpoints. */
  get ids(): Set<string> {
    const rooms = [...this.rooms.values()];
    const ids = rooms.flatMap(({ id, endpoints }) => [id, ...[...endpoints.values()].map((held) => held.id)]);
    return new Set(ids.filter((id) => id !== null));
  }

  open(key: RoomKey): HeldRoom {
    const room: HeldRoom = { pipeline: null, id: null, endpoints: new Map() };
    this.rooms.set(key, room);
    return room;
  }

  find(ref: EndpointRef): HeldEndpoint | undefined {
    return this.rooms.get(ref.room)?.endpoints.get(endpointKey(ref));
  }

  add(ref: EndpointRef, direction: Direction, created: Promise<Endpoint>): HeldEndpoint {
    const answering = new AbortController();
    const wiring = Promise.resolve();
    const held: HeldEndpoint = { ref, direction, created, id: null, answered: null, answering, wiring };
    created.then(
      ({ id }) => {
        held.id = id;
      },
      () => {},
    );
    this.rooms.get(ref.room)?.endpoints.set(endpointKey(ref), held);
    return held;
  }

  remove(ref: EndpointRef): HeldEndpoint | undefined {
    const held = this.find(ref);
    this.rooms.get(ref.room)?.endpoints.delete(endpointKey(ref));
    return held;
  }
}

export function optionsOf(ref: EndpointRef, direction: Direction): EndpointOptions {
  return { name: endpointKey(ref), direction: direction === 'publish' ? 'publish' : 'subscribe' };
}

function endpointKey({ stay, url }: EndpointRef): string {
  return `${stay} ${url}`;
}

function recordOf({ ref: { stay, url }, direction, answered }: HeldEndpoint): EndpointRecord[] {
  return answered ? [{ stay, url, direction, id: answered.id, watched: answered.watched }] : [];
}
