import { randomUUID } from 'node:crypto';
import { domainAddresses } from '@hyperroom/protocol';
import { conference } from './conference/conference.ts';
import { settling } from './conference/settle.ts';
import { setting } from './environment.ts';
import { openGateway } from './gateway.ts';
import type { RequestContext } from './gateway-events.ts';
import { media } from './media/media.ts';
import { mediaNodes } from './media/media-nodes.ts';
import { messagingNode } from './messaging-node/messaging-node.ts';
import { ownership } from './messaging-node/ownership.ts';
import { relay } from './messaging-node/relay.ts';
import { anonymousContext, type Session, sessionOf } from './messaging-node/session.ts';
import { vanishing } from './messaging-node/vanish.ts';
import { registry } from './registry/registry.ts';
import { addressStore } from './store/addresses.ts';
import { nodeStore } from './store/nodes.ts';
import { roomStore } from './store/rooms.ts';
import { openTable } from './store/table.ts';

/** Everything the functions share, put together once for each sandbox. */
export function assemble() {
  const domain = setting('DOMAIN');
  const table = openTable(setting('TABLE_NAME'));
  const gateway = openGateway(setting('MANAGEMENT_ENDPOINT'));
  const clock = Date.now;
  const newId = randomUUID;
  const addresses = domainAddresses(domain);
  const entries = addressStore(table);
  const rooms = roomStore(table);
  const owners = ownership();
  const nodes = mediaNodes({ addresses, store: nodeStore(table), gateway, newId, clock });
  nodes.warm();
  const { settle, publish } = settling({ addresses, rooms, nodes, gateway, newId });

  return {
    receive: messagingNode(
      addresses,
      {
        registry: registry({ addresses, domain, entries, owners, newId, clock }),
        conference: conference({ addresses, rooms, nodes, entries, owners, newId, clock, settle, publish }),
        media: media({ nodes, owners, entries, settle }),
        relay: relay(entries, owners, gateway),
      },
      gateway,
    ),
    vanish: vanishing({ entries, nodes, settle }),
    session: ({ connectionId, authorizer }: RequestContext): Session =>
      // An emulator may skip the authorizer; $connect has then let the connection in only if anonymous ones are allowed.
      sessionOf(connectionId, authorizer ?? anonymousContext(domain, connectionId)),
  };
}
