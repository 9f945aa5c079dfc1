import type { DomainAddresses, MediaCommand, NodeStatus } from '@hyperroom/protocol';
import type { RoomState } from '../conference/room-state.ts';
import type { Gateway } from '../gateway.ts';
import { logError } from '../log.ts';
import type { Nodes } from '../store/nodes.ts';
import { leastLoaded, type MediaNode, refugeFrom, stateOf } from './placement.ts';

export interface MediaNodes {
  /**
   * Reads the list ahead of need, if what is known is too old: beside another request to the table it costs no time.
   * While a function starts it opens the connection to the table, too.
   */
  warm(): void;
  /** Notes what a node says of itself. Gives all nodes as they now are. */
  heartbeat(url: string, connectionId: string, status: NodeStatus): Promise<readonly MediaNode[]>;
  /** Its socket has closed: it may come back, on another. */
  away(url: string, connectionId: string): Promise<void>;
  /** It has said farewell. */
  remove(url: string, connectionId: string): Promise<void>;
  /** The node for a new room, if there is one with room left. */
  choose(): Promise<MediaNode | undefined>;
  /** The same for a room that needs another; what it brings along counts. */
  place(room: RoomState): Promise<MediaNode | undefined>;
  /** A better place for a room than its node, which drains. */
  refuge(room: RoomState): Promise<MediaNode | undefined>;
  /** Whether there is any, be it full. */
  isAnyLive(): Promise<boolean>;
  /** As the list has it that was read last. */
  known(url: string): MediaNode | undefined;
  /** Whether it is the caller's to move the rooms of a lost node. */
  claim(node: MediaNode): Promise<boolean>;
  /** Of a node that is claimed nothing is left. */
  forget(url: string): Promise<void>;
  /** Sends a command to a node. False: it cannot be reached. The list has then just been read. */
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
const LIST_LIFETIME = 5_000;

export function mediaNodes({ addresses, store, gateway, newId, clock }: MediaNodesDependencies): MediaNodes {
  let list: readonly MediaNode[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function remember(nodes: readonly MediaNode[]): void {
    list = nodes;
    readAt = clock();
  }

  function change(url: string, changes: Partial<MediaNode>): void {
    list = list.map((node) => (node.url === url ? { ...node, ...changes } : node));
  }

  const isStale = () => clock() - readAt > LIST_LIFETIME;
  const known = (url: string) => list.find((node) => node.url === url);

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

  /** How late a heartbeat was when the list was read: later ones it does not know. */
  const stateThen = (node: MediaNode) => stateOf(node, readAt);

  function isThere(node: MediaNode): boolean {
    const state = stateThen(node);
    return state === 'fresh' || state === 'late';
  }

  const choose = () => find(() => leastLoaded(list, readAt));

  function reserved(node: MediaNode | undefined, room: RoomState): MediaNode | undefined {
    if (node) change(node.url, { load: node.load + loadOf(room) });
    return node;
  }

  /** A node that is away on the very connection it speaks on has been outrun by its end, or is there after all. */
  async function put(node: MediaNode): Promise<readonly MediaNode[]> {
    const put = (await store.put(node)) ?? ((await gateway.isOpen(node.connectionId)) && (await store.put(node, true)));
    return put || store.list();
  }

  async function setAway(url: string, connectionId: string, since: number): Promise<void> {
    await store.setAway(url, connectionId, since);
    if (known(url)?.connectionId === connectionId) change(url, { away: since });
  }

  async function post({ url, connectionId }: MediaNode, command: MediaCommand): Promise<boolean> {
    const message = { id: newId(), type: 'execute', from: addresses.conference, to: url, body: command } as const;
    const posted = gateway.post(connectionId, [message]);
    if (command.command !== 'sync') return posted;
    // What became of the room has been decided. A roster that does not get through is sent again after the next inventory.
    return posted.catch((error) => {
      logError(error);
      return true;
    });
  }

  return {
    warm() {
      // Whoever needs the list reads it again, and hears of the failure then.
      if (isStale()) refresh().catch(() => {});
    },
    async heartbeat(url, connectionId, status) {
      remember(await put({ ...status, url, connectionId, heard: clock() }));
      return list;
    },
    away: (url, connectionId) => setAway(url, connectionId, clock()),
    remove: (url, connectionId) => setAway(url, connectionId, 0),
    choose,
    place: async (room) => reserved(await choose(), room),
    refuge: async (room) => reserved(await find(() => refugeFrom(room.node, loadOf(room), list, readAt)), room),
    isAnyLive: async () => (await find(() => list.find(isThere))) !== undefined,
    known,
    async claim(node) {
      const claimed = clock();
      if (!(await store.claim(node, claimed))) return false;
      change(node.url, { claimed });
      return true;
    },
    async forget(url) {
      const claimed = known(url)?.claimed;
      if (claimed !== undefined) await store.forget(url, claimed);
    },
    async dispatch(url, command) {
      if (url === '') return false;
      const tried = known(url);
      if (tried && isThere(tried) && (await post(tried, command))) return true;
      // The node may have come back on another socket since the list was read, or was being read.
      await read();
      const found = known(url);
      if (!found || !isThere(found)) return false;
      if (found.connectionId !== tried?.connectionId && (await post(found, command))) return true;
      await setAway(url, found.connectionId, clock());
      return false;
    },
  };
}

/** About as many endpoints as a room will have. */
function loadOf({ members, options }: RoomState): number {
  const published = Object.values(members).map(({ publications }) => Object.keys(publications).length);
  const all = published.reduce((sum, own) => sum + own, 0);
  return published.reduce((sum, own) => sum + Math.min(all - own, options.lastN), all);
}
