import * as v from 'valibot';
import type { RoomRecord } from '../holdings.ts';
import type { MediaSession } from '../kurento/index.ts';
import type { AgentState, RoomKey, RoomState } from '../rooms/state.ts';

/** All that another process needs to go on with the calls of this one. */
export interface AgentRecord {
  session: MediaSession;
  /** What it has at the media server. */
  media: RoomRecord[];
  state: AgentState;
}

/** Raised whenever `AgentState` has another shape: what an older program wrote is of no use then. */
export const FORMAT = 3;

const Endpoint = v.object({
  stay: v.string(),
  url: v.string(),
  direction: v.picklist(['publish', 'receive']),
  id: v.string(),
  watched: v.boolean(),
});

/** The state itself is trusted: by its format it is this program's own. */
const Recorded = v.object({
  format: v.literal(FORMAT),
  session: v.object({ id: v.string(), nextRequest: v.number() }),
  media: v.array(v.object({ key: v.string(), pipeline: v.string(), endpoints: v.array(Endpoint) })),
  pushes: v.number(),
  rooms: v.array(v.tuple([v.string(), v.looseObject({ key: v.string(), members: v.instance(Map) })])),
});

/** States are never changed, but replaced: a room's text is good for as long as there is that room. */
const texts = new WeakMap<RoomState, string>();

export function writeRecord({ session, media, state }: AgentRecord): string {
  const rooms = [...state.rooms].map(([key, room]) => `[${JSON.stringify(key)},${textOf(room)}]`);
  const head = JSON.stringify({ format: FORMAT, session, media, pushes: state.pushes });
  return `${head.slice(0, -1)},"rooms":[${rooms.join(',')}]}`;
}

/** Null: it is nobody's, or another program's. What is the node's own, and not its rooms', is for the caller to say. */
export function readRecord(text: string, fresh: AgentState): AgentRecord | null {
  const recorded = v.safeParse(Recorded, parse(text));
  if (!recorded.success) return null;
  const { session, media, pushes, rooms } = recorded.output;
  const restored = new Map(rooms as unknown as [RoomKey, RoomState][]);
  return { session, media, state: { ...fresh, pushes, rooms: restored } };
}

function textOf(room: RoomState): string {
  const known = texts.get(room);
  if (known !== undefined) return known;
  const text = JSON.stringify(room, flatten);
  texts.set(room, text);
  return text;
}

function flatten(_key: string, value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] };
  return value instanceof Set ? { $set: [...value] } : value;
}

function unflatten(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Somebody may be called `$map`; but nobody is an array.
  if ('$map' in value && Array.isArray(value.$map)) return new Map(value.$map);
  return '$set' in value && Array.isArray(value.$set) ? new Set(value.$set) : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, unflatten);
  } catch {
    return null;
  }
}
