import type { NodeCounts } from '@hyperroom/protocol';
import type { Metrics, Samples } from '../metrics.ts';
import { type MediaNode, stateOf } from './placement.ts';

/* What media nodes tell of themselves, as metrics of the whole domain. */

/** How all nodes are, as a heartbeat has found them: the same whichever of them told, so that no sample is a part of another. */
export function gaugesOf(nodes: readonly MediaNode[], now: number): Samples {
  const there = nodes.filter((node) => ['fresh', 'late'].includes(stateOf(node, now)));
  const taking = there.filter(({ capacity, draining }) => capacity > 0 && !draining);
  const capacity = sum(taking, (node) => node.capacity);
  return {
    Rooms: sum(there, (node) => node.rooms),
    Participants: sum(there, (node) => node.participants),
    Endpoints: sum(there, (node) => node.load),
    Nodes: taking.length,
    // Of nothing there is no part.
    ...(capacity > 0 && { NodeLoad: (100 * sum(taking, (node) => node.load)) / capacity }),
  };
}

/** What one node has counted. */
export function recordCounts(metrics: Metrics, gauges: Samples, counts: NodeCounts): void {
  const happened = {
    PostFailures: counts.postFailures,
    PostsGone: counts.postsGone,
    AgentReconnects: counts.reconnects,
    Transcodings: counts.transcodings,
  };
  const some = Object.fromEntries(Object.entries(happened).filter(([, count]) => count > 0));
  metrics.record({ ...gauges, ...some, JoinTime: counts.joinTimes });
  for (const [code, count] of Object.entries(counts.joinRefusals)) metrics.record({ JoinRefusals: count }, code);
}

function sum(nodes: readonly MediaNode[], of: (node: MediaNode) => number | undefined): number {
  return nodes.reduce((total, node) => total + (of(node) ?? 0), 0);
}
