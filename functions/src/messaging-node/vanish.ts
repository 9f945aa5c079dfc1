import { idOf } from '@hyperroom/protocol';
import type { Settle } from '../conference/settle.ts';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { AddressEntry, Addresses } from '../store/addresses.ts';
import type { Session } from './session.ts';

export interface VanishDependencies {
  readonly entries: Addresses;
  readonly nodes: MediaNodes;
  readonly settle: Settle['settle'];
}

/** What follows from the end of a connection: its addresses are free, its participants start their departure grace. */
export function vanishing({ entries, nodes, settle }: VanishDependencies) {
  async function vanish(entry: AddressEntry, { connectionId, role }: Session): Promise<void> {
    const id = idOf(entry.url);
    await Promise.all([
      ...entry.rooms.map((room) => settle(room, { type: 'vanish', id, connectionId })),
      role === 'media-node' && nodes.remove(entry.url, connectionId),
    ]);
    await entries.release(entry.url, connectionId);
  }

  return async (session: Session): Promise<void> => {
    const owned = await entries.ofConnection(session.connectionId);
    await Promise.all(owned.map((entry) => vanish(entry, session)));
  };
}
