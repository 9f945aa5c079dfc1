import * as v from 'valibot';
import { MAX_ADDRESS_LENGTH, MAX_ROOM_ID_LENGTH } from './limits.ts';

/**
 * reTHINK addresses: `scheme://domain/path`, `domain://component.domain`, `mn:/session`.
 * Only their outer form is checked: foreign runtimes bring schemes of their own.
 */
const ADDRESS = /^(?:mn:\/[\w-]+|[a-z][a-z0-9+.-]*:\/\/[^\s/]+(?:\/\S*)?)$/i;

export const Address = v.pipe(
  v.string('an address is a string'),
  v.maxLength(MAX_ADDRESS_LENGTH, `an address has at most ${MAX_ADDRESS_LENGTH} characters`),
  v.regex(ADDRESS, 'an address looks like scheme://domain/path'),
);

function addressOf(scheme: string) {
  return v.pipe(
    Address,
    v.check((address) => address.startsWith(`${scheme}://`), `expected a ${scheme}:// address`),
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

/** The domain of `scheme://domain/path`. */
export function domainOf(address: string): string {
  return address.split('/')[2] ?? '';
}

/** The well-known addresses of a domain. */
export function domainAddresses(domain: string) {
  return {
    registry: `domain://registry.${domain}`,
    /** Where media nodes announce themselves and report: an extension of ours. */
    media: `domain://media.${domain}`,
    /** The server conference hyperty. */
    conference: `hyperty://${domain}/conference`,
    room: (roomId: string) => `comm://${domain}/${roomId}`,
    hyperty: (id: string) => `hyperty://${domain}/${id}`,
    connection: (id: string) => `connection://${domain}/${id}`,
  };
}

export type DomainAddresses = ReturnType<typeof domainAddresses>;
