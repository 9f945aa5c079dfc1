import { type DomainAddresses, HEARTBEAT_EXPIRES, type MediaCommand, type NodeStatus } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { Nodes } from '../store/nodes.ts';
import { leastLoaded, type MediaNode } from './placement.ts';

export interface MediaNodes {
  /**
   * Reads the list ahead of need, if what is known is too old: beside another request to the table it costs no time.
   * While a function starts it opens the connection to the table, too.
   */
  warm(): void;
  heartbeat(url: string, connectionId: string, status: NodeStatus): Promise<void>;
  remove(url: string, connectionId: string): Promise<void>;
  /** The node for a new room, if there is one with room left. */
  choose(): Promise<MediaNode | undefined>;
  /** Whether there is any, be it full. */
  isAnyLive(): Promise<boolean>;
  /** Sends a command to a node. False: it is gone. */
  dispatch(url: string, command: MediaCommand): Promise<boolean>;
}

export interface MediaNodesDependencies {
  readonly addresses: DomainAddresses;
  readonly store: Nodes;
  readonly gateway: Gateway;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** Milliseconds that a warm function trusts the list it has. Heartbeats that it handles itself refresh it for nothing. */
const LIST_LIFETIME = 10_000;

export function mediaNodes({ addresses, store, gateway, newId, clock }: MediaNodesDependencies): MediaNodes {
  let list: readonly MediaNode[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function remember(nodes: readonly MediaNode[]): void {
    list = nodes;
    readAt = clock();
  }

  const isStale = () => clock() - readAt > LIST_LIFETIME;

  async function read(): Promise<void> {
    remember(await store.list());
  }

  /** Reads once for all who want it at the time. */
  function refresh(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  /** What the list has, if it is not too old to be believed; to find nothing there is a reason to look again. */
  async function find<T>(pick: () => T | undefined): Promise<T | undefined> {
    const found = isStale() ? undefined : pick();
    if (found !== undefined) return found;
    await refresh();
    return pick();
  }

  async function post(url: string, command: MediaCommand): Promise<boolean> {
    const node = list.find((candidate) => candidate.url === url);
    if (!node) return false;
    const message = { id: newId(), type: 'execute', from: addresses.conference, to: url, body: command } as const;
    return gateway.post(node.connectionId, [message]);
  }

  return {
    warm() {
      // Whoever needs the list reads it again, and hears of the failure then.
      if (isStale()) refresh().catch(() => {});
    },
    async heartbeat(url, connectionId, status) {
      remember(await store.put({ ...status, url, connectionId, expires: clock() + HEARTBEAT_EXPIRES }));
    },
    async remove(url, connectionId) {
      await store.remove(url, connectionId);
      list = list.filter((node) => node.url !== url || node.connectionId !== connectionId);
    },
    choose: () => find(() => leastLoaded(list, clock())),
    isAnyLive: async () => (await find(() => list.find(({ expires }) => expires > clock()))) !== undefined,
    async dispatch(url, command) {
      if (await post(url, command)) return true;
      // The node may have come back on another socket since the list was read, or was being read.
      await read();
      return post(url, command);
    },
  };
}
