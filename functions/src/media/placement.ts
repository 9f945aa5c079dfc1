import { HEARTBEAT_EXPIRES, HEARTBEAT_LATE, type NodeStatus, RESTART_GRACE } from '@hyperroom/protocol';

/** A media node as the conference knows it. All times in milliseconds since the epoch. */
export interface MediaNode extends NodeStatus {
  /** Its hyperty. */
  readonly url: string;
  readonly connectionId: string;
  /** When its last heartbeat came. */
  readonly heard: number;
  /** Since when its socket is known to be closed. 0: it has said farewell. */
  readonly away?: number | undefined;
  /** When somebody began to move its rooms. */
  readonly claimed?: number | undefined;
}

/** `late` and `away` ones may be back; the media of a `lost` one are gone. */
export type NodeState = 'fresh' | 'late' | 'away' | 'lost';

/** Milliseconds that the rooms of a node whose socket has closed stay with it where no other can take them. */
const STRANDING = 10_000;

/** `witnessed`: another node's heartbeats come in time, so that it is this one's own fault if its do not. */
export function stateOf(node: MediaNode, now: number, witnessed = false): NodeState {
  if (node.claimed !== undefined) return 'lost';
  if (node.away !== undefined) return now - node.away > RESTART_GRACE ? 'lost' : 'away';
  if (now - node.heard <= HEARTBEAT_LATE) return 'fresh';
  return witnessed || now - node.heard > HEARTBEAT_EXPIRES ? 'lost' : 'late';
}

/** Whether the rooms of a lost node had better have none, if there is no other. */
export function isHopeless({ away }: MediaNode, now: number): boolean {
  return away === undefined || now - away > STRANDING;
}

/**
 * The node with the most room left in proportion to its size; one whose heartbeat is late only where there is no better. One that
 * drains is better than none: its calls move without a gap as soon as there is another, and who is refused has no call at all.
 */
export function leastLoaded(nodes: readonly MediaNode[], now: number): MediaNode | undefined {
  const free = nodes.filter((node) => node.load < node.capacity);
  const staying = free.filter(({ draining }) => !draining);
  return best(staying, now) ?? best(free, now);
}

/** Where a room of a node that drains is better off than there: only a node that is there for certain, stays and has place for all of it. */
export function refugeFrom(url: string, endpoints: number, nodes: readonly MediaNode[], now: number) {
  const others = nodes.filter((node) => node.url !== url && !node.draining && stateOf(node, now) === 'fresh');
  return emptiest(others.filter(({ load, capacity }) => load + endpoints <= capacity));
}

function best(nodes: readonly MediaNode[], now: number): MediaNode | undefined {
  const inState = (state: NodeState) => nodes.filter((node) => stateOf(node, now) === state);
  return emptiest(inState('fresh')) ?? emptiest(inState('late'));
}

function emptiest(nodes: readonly MediaNode[]): MediaNode | undefined {
  return nodes.reduce<MediaNode | undefined>(
    (emptiest, node) => (emptiest && usage(emptiest) <= usage(node) ? emptiest : node),
    undefined,
  );
}

function usage(node: MediaNode): number {
  return node.load / node.capacity;
}
