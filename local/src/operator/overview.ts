import * as v from 'valibot';
import { plainItem } from './attributes.ts';
import type { Pipeline } from './kurento-objects.ts';

export interface PublicationView {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly media: string;
}

export interface ParticipantView {
  readonly id: string;
  readonly name: string;
  readonly role: 'moderator' | 'participant';
  readonly status: 'live' | 'disconnected';
  readonly publications: readonly PublicationView[];
  readonly muted: readonly string[];
  readonly blocked: readonly string[];
  readonly connectionId: string;
}

export interface RoomView {
  readonly id: string;
  readonly version: number;
  readonly epoch: number;
  /** The id of its media node; empty: it waits for one. */
  readonly node: string;
  readonly created: string;
  /** Those that are not as they are by default. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly participants: readonly ParticipantView[];
  readonly waiting: readonly string[];
}

export interface NodeView {
  readonly id: string;
  readonly capacity: number;
  readonly load: number;
  readonly draining: boolean;
  readonly rooms: number;
  readonly participants: number;
  /** Milliseconds since its last heartbeat. */
  readonly heard: number;
  readonly away: boolean;
  readonly connectionId: string;
  readonly agentRestarts: number;
  readonly engineRestarts: number | undefined;
  /** Undefined: its Kurento does not answer. */
  readonly pipelines: readonly Pipeline[] | undefined;
}

export interface Overview {
  readonly rooms: readonly RoomView[];
  readonly nodes: readonly NodeView[];
  readonly items: number;
}

/** What a stack's own processes are known to be, beside what the table says. */
export interface NodeState {
  readonly id: string;
  readonly agentRestarts: number;
  readonly engineRestarts: number | undefined;
  readonly pipelines: readonly Pipeline[] | undefined;
}

const Sources = v.optional(v.array(v.string()), []);
const Member = v.object({
  name: v.string(),
  connectionId: v.string(),
  status: v.optional(v.literal('disconnected')),
  publications: v.optional(v.record(v.string(), v.object({ kinds: v.array(v.string()), media: v.string() })), {}),
  muted: Sources,
  blocked: Sources,
});
const StoredRoom = v.looseObject({
  pk: v.string(),
  version: v.number(),
  epoch: v.number(),
  node: v.string(),
  created: v.string(),
  options: v.record(v.string(), v.unknown()),
  moderators: v.optional(v.array(v.string()), []),
});
const StoredNode = v.object({
  url: v.string(),
  capacity: v.number(),
  load: v.number(),
  draining: v.optional(v.boolean(), false),
  rooms: v.optional(v.number(), 0),
  participants: v.optional(v.number(), 0),
  heard: v.number(),
  away: v.optional(v.number()),
  connectionId: v.string(),
});

const ROOM = 'room#';
const MEMBER = 'member.';
const WAITING = 'waiting.';
const NODE = 'node.';

/** What the table says there is, read as `functions/src/store` writes it. What is written otherwise is left out. */
export function overviewOf(
  items: readonly Readonly<Record<string, unknown>>[],
  states: readonly NodeState[],
  now: number,
): Overview {
  const plain = items.map(plainItem);
  const rooms = plain.filter(({ pk }) => String(pk).startsWith(ROOM)).flatMap(roomOf);
  const nodes = plain.filter(({ pk }) => pk === 'media-nodes').flatMap((item) => nodesOf(item, states, now));
  return { rooms: rooms.sort((a, b) => a.created.localeCompare(b.created)), nodes, items: items.length };
}

function roomOf(item: Record<string, unknown>): RoomView[] {
  const stored = v.safeParse(StoredRoom, item);
  if (!stored.success) return [];
  const { pk, version, epoch, node, created, options, moderators } = stored.output;
  return [
    {
      id: pk.slice(ROOM.length),
      version,
      epoch,
      node: node === 'none' ? '' : nodeId(node),
      created,
      options,
      participants: entries(item, MEMBER).flatMap(([id, value]) => participantOf(id, value, moderators)),
      waiting: entries(item, WAITING).map(([id, value]) => String((value as { name?: unknown }).name ?? id)),
    },
  ];
}

function participantOf(id: string, value: unknown, moderators: readonly string[]): ParticipantView[] {
  const member = v.safeParse(Member, value);
  if (!member.success) return [];
  const { publications, status = 'live', ...rest } = member.output;
  const role = moderators.includes(id) ? 'moderator' : 'participant';
  const views = Object.entries(publications).map(([name, publication]) => ({ name, ...publication }));
  return [{ id, role, status, publications: views, ...rest }];
}

function nodesOf(item: Record<string, unknown>, states: readonly NodeState[], now: number): NodeView[] {
  return entries(item, NODE).flatMap(([, value]) => {
    const stored = v.safeParse(StoredNode, value);
    const id = stored.success ? nodeId(stored.output.url) : '';
    const state = states.find((each) => each.id === id);
    if (!stored.success || !state) return [];
    const { url: _, heard, away, ...status } = stored.output;
    return [{ ...status, ...state, heard: Math.max(0, now - heard), away: away !== undefined }];
  });
}

function entries(item: Readonly<Record<string, unknown>>, prefix: string): [id: string, value: unknown][] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value]);
}

/** `hyperty://localhost/media-media-1` is the node `media-1`. */
function nodeId(url: string): string {
  return (url.split('/').at(-1) ?? '').replace(/^media-/, '');
}
