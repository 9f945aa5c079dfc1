import { MAX_ROOM_ID_LENGTH } from './limits.ts';

/* Addresses and their parts. A browser needs these, and not the schemas of address.ts that make sure of them. */

export const ROOM_ID = new RegExp(`^[A-Za-z0-9._~-]{1,${MAX_ROOM_ID_LENGTH}}$`);

/** The last segment of an address: the id of a hyperty, a connection or a room. */
export function idOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

/** The scheme of `scheme://domain/path`, or of an older `scheme:/path`. */
export function schemeOf(address: string): string {
  return address.slice(0, Math.max(0, address.indexOf(':')));
}

/** The domain of `scheme://domain/path`. */
export function domainOf(address: string): string {
  return address.split('/')[2] ?? '';
}

/** The well-known addresses of a domain. */
export function domainAddresses(domain: string) {
  return {
    /** Opens, re-opens and closes sessions. */
    session: 'mn:/session',
    /** Gives out addresses; also under the names of older runtimes. */
    allocation: [
      `domain://msg-node.${domain}/address-allocation`,
      `domain://msg-node.${domain}/hyperty-address-allocation`,
      `domain://msg-node.${domain}/object-address-allocation`,
    ],
    /** The subscription manager: what a session wants routed to it. */
    subscriptions: `domain://msg-node.${domain}/sm`,
    registry: `domain://registry.${domain}`,
    /** Where media nodes announce themselves and report: an extension of ours. */
    media: `domain://media.${domain}`,
    /** The server conference hyperty. */
    conference: `hyperty://${domain}/conference`,
    /** Whose hyperty the conference is. */
    conferenceUser: `user://${domain}/conference`,
    room: (roomId: string) => `comm://${domain}/${roomId}`,
    hyperty: (id: string) => `hyperty://${domain}/${id}`,
    connection: (id: string) => `connection://${domain}/${id}`,
  };
}

export type DomainAddresses = ReturnType<typeof domainAddresses>;

/** Where an object's updates are published, and where its reporter listens. */
export const changesOf = (url: string) => `${url}/changes`;
export const subscriptionOf = (url: string) => `${url}/subscription`;
/** Where its children are. */
export const childrenOf = (url: string) => `${url}/children/`;
