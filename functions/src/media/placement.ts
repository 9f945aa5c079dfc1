import type { NodeStatus } from '@hyperroom/protocol';

/** A media node as the conference knows it. */
export interface MediaNode extends NodeStatus {
  /** Its hyperty. */
  readonly url: string;
  readonly connectionId: string;
  /** Milliseconds since the epoch: without a heartbeat until then it counts as gone. */
  readonly expires: number;
}

/** The live node with the most room left in proportion to its size. */
export function leastLoaded(nodes: readonly MediaNode[], now: number): MediaNode | undefined {
  const free = nodes.filter((node) => node.expires > now && node.load < node.capacity);
  return free.reduce<MediaNode | undefined>(
    (best, node) => (best && usage(best) <= usage(node) ? best : node),
    undefined,
  );
}

function usage(node: MediaNode): number {
  return node.load / node.capacity;
}
