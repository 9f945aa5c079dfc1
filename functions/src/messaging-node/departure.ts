import { idOf } from '@hyperroom/protocol';
import type { Settle } from '../conference/settle.ts';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Registrar } from '../registry/registrar.ts';
import type { Addresses } from '../store/addresses.ts';
import type { AddressEntry } from '../store/entries.ts';
import type { SessionRecord, Sessions } from '../store/sessions.ts';
import type { Topics } from '../store/topics.ts';
import type { Session } from './session.ts';

/** What becomes of a connection's addresses and subscriptions. */
export interface Departures {
  /** The socket is gone. What a runtime's session holds waits for its `re-open`; the rest ends. */
  vanish(session: Session): Promise<void>;
  /** The session is closed: everything ends. */
  end(session: Session): Promise<void>;
  /** A session goes on, on another connection; false if it has just gone on elsewhere. */
  move(record: SessionRecord, to: Whereabouts): Promise<boolean>;
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
  readonly settle: Settle['settle'];
}

export function departures(deps: DepartureDependencies): Departures {
  const { entries, sessions, topics, registrar, nodes, settle } = deps;

  /** Participants start their departure grace, and a media node is given no more rooms. */
  async function leaveCalls(owned: readonly AddressEntry[], { connectionId, role }: Session): Promise<void> {
    await Promise.all(
      owned.flatMap(({ url, rooms }) => [
        ...rooms.map((room) => settle(room, { type: 'vanish', id: idOf(url), connectionId })),
        ...(role === 'media-node' ? [nodes.away(url, connectionId)] : []),
      ]),
    );
  }

  async function endAddress(entry: AddressEntry, connectionId: string): Promise<void> {
    if (entry.registration) await registrar.end(entry);
    else await entries.release(entry.url, connectionId);
  }

  async function endSubscriptions(record: SessionRecord): Promise<void> {
    await Promise.all(record.topics.map((topic) => topics.unsubscribe(topic, record.connectionId)));
    await sessions.remove(record.id);
  }

  async function holdingsOf(connectionId: string): Promise<Holdings> {
    const [owned, records] = await Promise.all([
      entries.ofConnection(connectionId),
      sessions.ofConnection(connectionId),
    ]);
    return { owned, records };
  }

  async function endAll({ owned, records }: Holdings, connectionId: string): Promise<void> {
    await Promise.all([
      ...owned.map((entry) => endAddress(entry, connectionId)),
      ...records.map((record) => endSubscriptions(record)),
    ]);
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

  return {
    async end(session) {
      const holdings = await holdingsOf(session.connectionId);
      await leaveCalls(holdings.owned, session);
      await endAll(holdings, session.connectionId);
    },

    async vanish(session) {
      const holdings = await holdingsOf(session.connectionId);
      const { owned, records } = holdings;
      await leaveCalls(owned, session);
      const waits = records.some((record) => record.runtime !== undefined);
      if (!waits) return endAll(holdings, session.connectionId);
      await Promise.all(owned.filter((entry) => entry.registration).map((entry) => registrar.suspend(entry)));
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
