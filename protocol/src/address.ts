import * as v from 'valibot';
import { idOf, ROOM_ID } from './domain.ts';
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
  return v.pipe(Address, v.regex(new RegExp(`^${scheme}://[^/]+/.`), `expected ${scheme}://domain/…`));
}

export const HypertyUrl = addressOf('hyperty');
export const ConnectionUrl = addressOf('connection');

export const RoomId = v.pipe(
  v.string('a room id is a string'),
  v.regex(ROOM_ID, `a room id has 1 to ${MAX_ROOM_ID_LENGTH} letters, digits or . _ ~ -`),
);

export const RoomUrl = v.pipe(
  addressOf('comm'),
  v.check((url) => ROOM_ID.test(idOf(url)) && url.split('/').length === 4, 'a room is comm://domain/roomId'),
);
