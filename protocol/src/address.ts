import * as v from 'valibot';
import { MAX_ADDRESS_LENGTH, MAX_ROOM_ID_LENGTH } from './limits.ts';

/**
 * What `from` and `to` may be: any text without white space. Foreign runtimes bring schemes of their own
 * (`runtime:/alice`) and even bare names, and a messaging node relays between them.
 */
export const Address = v.pipe(
  v.string('an address is a string'),
  v.maxLength(MAX_ADDRESS_LENGTH, `an address has at most ${MAX_ADDRESS_LENGTH} characters`),
  v.regex(/^[^\s\p{Cc}]+$/u, 'an address has characters, but no white space'),
);

function addressOf(scheme: string) {
  return v.pipe(
    Address,
    v.check((address) => new RegExp(`^${scheme}://[^/]+/.`).test(address), `expected ${scheme}://domain/…`),
  );
}

export const HypertyUrl = addressOf('hyperty');
export const ConnectionUrl = addressOf('connection');

const ROOM_ID = new RegExp(`^[A-Za-z0-9._~-]{1,${MAX_ROOM_ID_LENGTH}}$`);

export const RoomId = v.pipe(
  v.string('a room id is a string'),
  v.regex(ROOM_ID, `a room id has 1 to ${MAX_ROOM_ID_LENGTH} letters, digits or . _ ~ -`),
);

export const RoomUrl = v.pipe(
  addressOf('comm'),
  v.check((url) => ROOM_ID.test(idOf(url)) && url.split('/').length === 4, 'a room is comm://domain/roomId'),
);

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
