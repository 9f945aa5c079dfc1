import { setTimeout as pause } from 'node:timers/promises';
import { idOf } from '@hyperroom/protocol';
import { patiently } from '../attempts.ts';
import { entryOf } from '../conference/rules/outcome.ts';
import type { Settle } from '../conference/settle.ts';
import type { Gateway } from '../gateway.ts';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Registrar } from '../registry/registrar.ts';
import type { Addresses } from '../store/addresses.ts';
import type { AddressEntry } from '../store/entries.ts';
import type { SessionRecord, Sessions } from '../store/sessions.ts';
import type { Topics } from '../store/topics.ts';
import type { Session } from './session.ts';

/** What becomes of a connection's addresses and subscriptions. */
export interface Departures {
  /**
   * The socket is gone, whoever has noticed it. What a runtime's session holds waits for its `re-open`, and the address of
   * somebody in a room who has a secret to take it over by waits for him; the rest ends. Done again it changes nothing more.
   */
  vanish(connection: Vanished): Promise<void>;
  /** The same where it is told but once, and nobody waits. */
  disconnected(session: Session): Promise<void>;
  /** A stay of its owner's is over: an address that has waited for him, or whose socket has ended unnoticed, goes. */
  forsake(url: string): Promise<void>;
  /** The session is closed: everything ends. */
  end(session: Session): Promise<void>;
  /** A session goes on, on another connection; false if it has just gone on elsewhere. */
  move(record: SessionRecord, to: Whereabouts): Promise<boolean>;
}

export interface Vanished extends Pick<Session, 'connectionId'> {
  readonly role?: Session['role'];
  /** Addresses that it has just registered: the index may be late to show them. */
  readonly registered?: Iterable<string>;
}

type Whereabouts = Pick<SessionRecord, 'connectionId' | 'user' | 'expires'>;

/** What a connection has. */
interface Holdings {
  readonly owned: readonly AddressEntry[];
  readonly records: readonly SessionRecord[];
}

export interface DepartureDependencies {
  readonly entries: Addresses;
  readonly sessions: Sessions;
  readonly topics: Topics;
  readonly registrar: Registrar;
  readonly nodes: MediaNodes;
  readonly gateway: Pick<Gateway, 'isOpen'>;
  readonly settle: Settle['settle'];
  readonly clock: () => number;
}

/** Milliseconds after its beginning that a connection may have registered something just now. */
const YOUNG = 10_000;
/** Milliseconds after which the index surely shows it. */
const INDEX_DELAY = 2_500;

export function departures(deps: DepartureDependencies): Departures {
  const { entries, sessions, topics, registrar, nodes, gateway, settle, clock } = deps;

  /** Whether its owner keeps a place in a room: there its departure grace begins. */
  async function leaveCalls({ url, rooms }: AddressEntry, connectionId: string): Promise<boolean> {
    const id = idOf(url);
    const outcomes = await Promise.all(rooms.map((room) => settle(room, { type: 'vanish', id, connectionId })));
    return outcomes.some((outcome) => outcome.kind !== 'refused' && entryOf(outcome.room.members, id) !== undefined);
  }

  /** An address goes after its owner's stays have been told of it: what is left undone here a media node's report does later. */
  async function clear(entry: AddressEntry, connectionId: string, waits: boolean): Promise<void> {
    const stays = await leaveCalls(entry, connectionId);
    if (waits || (stays && entry.resumable)) await suspend(entry);
    else await endAddress(entry, connectionId);
  }

  /** A media node is given no more rooms. */
  function nodesAway(owned: readonly AddressEntry[], connectionId: string, role?: Session['role']): Promise<void>[] {
    return role === 'media-node' ? owned.map(({ url }) => nodes.away(url, connectionId)) : [];
  }

  async function suspend(entry: AddressEntry): Promise<void> {
    if (entry.registration?.status === 'live') await registrar.suspend(entry);
  }

  async function endAddress(entry: AddressEntry, connectionId: string): Promise<void> {
    if (entry.registration) await registrar.end(entry);
    else await entries.release(entry.url, connectionId);
  }

  async function endSubscriptions(record: SessionRecord): Promise<void> {
    await Promise.all(record.topics.map((topic) => topics.unsubscribe(topic, record.connectionId)));
    await sessions.remove(record.id);
  }

  async function holdingsOf(connectionId: string, registered: Iterable<string> = []): Promise<Holdings> {
    const [owned, records, just] = await Promise.all([
      entries.ofConnection(connectionId),
      sessions.ofConnection(connectionId),
      entries.lookUp([...registered]),
    ]);
    for (const { url } of owned) just.delete(url);
    const unseen = [...just.values()].filter((entry) => entry.connectionId === connectionId);
    return { owned: [...owned, ...unseen], records };
  }

  async function moveHoldings(from: string, to: Whereabouts, record: SessionRecord): Promise<void> {
    const { owned, records } = await holdingsOf(from);
    // Subscriptions may stand on a record of the connection's own, where the index was late to show the session.
    const others = records.filter(({ id }) => id !== record.id);
    await Promise.all([
      ...owned.map((entry) => entries.move(entry.url, from, to)),
      ...others.map((other) => sessions.move(other, to)),
      ...[record, ...others].flatMap(({ topics: subscribed }) =>
        subscribed.flatMap((topic) => [topics.subscribe(topic, to.connectionId), topics.unsubscribe(topic, from)]),
      ),
    ]);
    await Promise.all(owned.map((entry) => registrar.resume(entry, to)));
  }

  /** Gives whether an address was found. */
  async function clearConnection({ connectionId, role, registered }: Vanished): Promise<boolean> {
    const { owned, records } = await holdingsOf(connectionId, registered);
    const waits = records.some((record) => record.runtime !== undefined);
    await Promise.all([
      ...owned.map((entry) => clear(entry, connectionId, waits)),
      ...nodesAway(owned, connectionId, role),
      ...(waits ? [] : records.map((record) => endSubscriptions(record))),
    ]);
    return owned.length > 0;
  }

  const vanish: Departures['vanish'] = async (connection) => {
    await clearConnection(connection);
  };

  return {
    async end({ connectionId, role }) {
      const { owned, records } = await holdingsOf(connectionId);
      await Promise.all(owned.map((entry) => leaveCalls(entry, connectionId)));
      await Promise.all([
        ...owned.map((entry) => endAddress(entry, connectionId)),
        ...nodesAway(owned, connectionId, role),
        ...records.map((record) => endSubscriptions(record)),
      ]);
    },

    vanish,

    async disconnected(session) {
      const clear = () => patiently(() => clearConnection(session));
      if ((await clear()) || clock() - session.opened > YOUNG) return;
      await pause(INDEX_DELAY);
      await clear();
    },

    async forsake(url) {
      const entry = (await entries.lookUp([url])).get(url);
      if (!entry?.connectionId) return;
      const suspended = entry.registration?.status === 'disconnected';
      if (suspended || !(await gateway.isOpen(entry.connectionId))) await vanish({ connectionId: entry.connectionId });
    },

    async move(record, to) {
      // The record goes last: until then whoever clears up after the old socket sees that a session holds all this.
      await moveHoldings(record.connectionId, to, record);
      if (await sessions.move(record, to)) return true;
      const now = await sessions.get(record.id);
      if (now) await moveHoldings(to.connectionId, now, record);
      return false;
    },
  };
}
