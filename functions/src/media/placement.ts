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

/** The node with the most room left in proportion to its size; one whose heartbeat is late only where there is no better. */
export function leastLoaded(nodes: readonly MediaNode[], now: number): MediaNode | undefined {
  const free = nodes.filter((node) => node.load < node.capacity);
  const inState = (state: NodeState) => free.filter((node) => stateOf(node, now) === state);
  return emptiest(inState('fresh')) ?? emptiest(inState('late'));
}

function emptiest(nodes: readonly MediaNode[]): MediaNode | undefined {
  return nodes.reduce<MediaNode | undefined>(
    (best, node) => (best && usage(best) <= usage(node) ? best : node),
    undefined,
  );
}

function usage(node: MediaNode): number {
  return node.load / node.capacity;
}
