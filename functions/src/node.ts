import { domainAddresses } from '@hyperroom/protocol';
import { backend } from './conference/backend.ts';
import { conference } from './conference/conference.ts';
import { dataChannel } from './conference/data.ts';
import { failover } from './conference/failover.ts';
import { withRooms } from './conference/observers.ts';
import { roomObjects } from './conference/room-object.ts';
import type { StayKey } from './conference/room-state.ts';
import { settling as settlement } from './conference/settle.ts';
import { lenient, metered } from './gateway.ts';
import type { RequestContext } from './gateway-events.ts';
import { media } from './media/media.ts';
import { mediaNodes } from './media/media-nodes.ts';
import { recovery as recovering } from './media/recovery.ts';
import { allocation } from './messaging-node/allocation.ts';
import { binder as binding } from './messaging-node/binding.ts';
import { departures } from './messaging-node/departure.ts';
import { messagingNode } from './messaging-node/messaging-node.ts';
import { observer } from './messaging-node/observer.ts';
import { ownership } from './messaging-node/ownership.ts';
import { rateLimit } from './messaging-node/rate-limit.ts';
import { relay } from './messaging-node/relay.ts';
import { anonymousContext, type Session, sessionOf, unknownContext } from './messaging-node/session.ts';
import { sessionManager } from './messaging-node/session-manager.ts';
import { subscriptionManager } from './messaging-node/subscription-manager.ts';
import type { Ports } from './ports.ts';
import { registrar } from './registry/registrar.ts';
import { registry } from './registry/registry.ts';
import { addressStore } from './store/addresses.ts';
import { backlogStore } from './store/backlogs.ts';
import { historyStore } from './store/histories.ts';
import { messageLists } from './store/message-lists.ts';
import { nodeStore } from './store/nodes.ts';
import { roomStore } from './store/rooms.ts';
import { sessionStore } from './store/sessions.ts';
import { topicStore } from './store/topics.ts';

/** Everything the functions share, put together once for each sandbox. */
export function assemble({ domain, table, connections, sink, startsNodes, metrics, clock, newId, ...ports }: Ports) {
  const gateway = metered(ports.gateway, metrics);
  const addresses = domainAddresses(domain);
  const entries = addressStore(table, clock);
  const rooms = roomStore(table, () => new Date(clock()));
  const owners = ownership();
  const nodes = mediaNodes({ addresses, store: nodeStore(table), gateway, newId, clock });
  nodes.warm();
  const lists = messageLists(table, clock);
  const histories = historyStore(lists);
  const backlogs = backlogStore(lists);
  const settling = settlement({
    addresses,
    rooms,
    nodes,
    histories,
    entries,
    gateway: lenient(gateway),
    sink,
    vanish: (connectionId) => departing.vanish({ connectionId }),
    stayOver: (stay) => stayOver(stay),
    newId,
  });
  const { settle, reach } = settling;
  const recovery = recovering({ addresses, nodes, rooms, settle, clock });
  const dispatch = failover({ nodes, recovery });
  const data = dataChannel({ addresses, rooms, histories, backlogs, reach, newId, clock });
  const sessions = sessionStore(table, clock);
  const topics = withRooms(addresses, rooms, topicStore(table));
  const binder = binding({ entries, sessions, owners, gateway, clock });
  const registering = registrar({ addresses, entries, gateway: lenient(gateway), newId, clock });
  const relaying = relay({
    addresses,
    entries,
    topics,
    owners,
    gateway,
    vanish: (connectionId) => departing.vanish({ connectionId }),
    clock,
  });
  const departing = departures({ entries, sessions, topics, registrar: registering, nodes, gateway, settle, clock });
  const stayOver = async (stay: StayKey) => {
    await Promise.all([departing.forsake(addresses.hyperty(stay.id)), backlogs.remove(stay)]);
  };

  return {
    receive: messagingNode(
      addresses,
      {
        session: sessionManager({ sessions, binder, departures: departing, gateway, newId, clock }),
        allocation: allocation({ domain, entries, binder, owners, newId }),
        subscriptions: subscriptionManager({ addresses, entries, sessions, topics, rooms, binder, owners, clock }),
        registry: registry({
          addresses,
          domain,
          entries,
          binder,
          registrar: registering,
          owners,
          rooms,
          nodes,
          newId,
          clock,
        }),
        conference: conference({
          addresses,
          rooms,
          nodes,
          dispatch,
          entries,
          backlogs,
          metrics,
          startsNodes,
          newId,
          clock,
          ...settling,
        }),
        media: media({ addresses, nodes, rooms, recovery, owners, entries, gateway, settle, stayOver, metrics, clock }),
        rooms: roomObjects({ addresses, rooms, owners, data, relay: relaying }),
        relay: relaying,
      },
      gateway,
      departing.vanish,
      rateLimit(clock, metrics),
      observer({ addresses, metrics, clock }),
    ),
    backend: backend({ addresses, rooms, nodes, settle, data, metrics, newId }),
    async disconnected(session: Session): Promise<void> {
      await departing.disconnected(session);
      await connections?.remove(session.connectionId);
    },
    async session({ authorizer, ...connection }: RequestContext): Promise<Session> {
      if (authorizer) return sessionOf(connection, authorizer);
      const { connectionId } = connection;
      // Only anonymous ones have then been let in, and none at all where they are not allowed.
      if (!connections) return sessionOf(connection, anonymousContext(domain, connectionId));
      // Some emulators say `now` of whenever a connection was opened. Its end may have been told before its last message.
      const known = await connections.get(connectionId);
      return known ? sessionOf(known, known.authorizer) : sessionOf(connection, unknownContext(domain, connectionId));
    },
  };
}
