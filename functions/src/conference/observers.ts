import type { DomainAddresses } from '@hyperroom/protocol';
import type { Rooms } from '../store/rooms.ts';
import type { Topics } from '../store/topics.ts';

/** The room that `<room>` or `<room>/changes` belongs to; undefined for addresses of anything else. */
export function roomOf(addresses: DomainAddresses, address: string): string | undefined {
  const prefix = addresses.room('');
  if (!address.startsWith(prefix)) return undefined;
  const [id = ''] = address.slice(prefix.length).split('/');
  return addresses.room(id);
}

/** Subscriptions to a live room's changes stand in the room itself, where each change finds them without a read. */
export function withRooms(addresses: DomainAddresses, rooms: Rooms, topics: Topics): Topics {
  const changesOfRoom = (url: string) => (url.endsWith('/changes') ? roomOf(addresses, url) : undefined);
  return {
    async subscribe(url, connectionId) {
      const room = changesOfRoom(url);
      if (room && (await rooms.observe(room, connectionId))) return;
      await topics.subscribe(url, connectionId);
    },
    async unsubscribe(url, connectionId) {
      const room = changesOfRoom(url);
      if (room && (await rooms.unobserve(room, connectionId))) return;
      await topics.unsubscribe(url, connectionId);
    },
  };
}
