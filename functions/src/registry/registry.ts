import {
  Code,
  type DomainAddresses,
  domainOf,
  expectBody,
  idOf,
  JoinBody,
  type Message,
  Refusal,
  RegisterBody,
  RegistrationDeleteBody,
  RegistrationUpdateBody,
  RegistryReadBody,
  response,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import type { MediaNodes } from '../media/media-nodes.ts';
import { type Binder, isTopic } from '../messaging-node/binding.ts';
import type { Ownership } from '../messaging-node/ownership.ts';
import type { Session } from '../messaging-node/session.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import type { Addresses } from '../store/addresses.ts';
import { type AddressEntry, statusAt } from '../store/entries.ts';
import type { Rooms } from '../store/rooms.ts';
import {
  conferenceListing,
  type Listing,
  listingOf,
  type Query,
  queryOf,
  roomListing,
  satisfies,
} from './discovery.ts';
import { type Registrar, stored } from './registrar.ts';

export interface RegistryDependencies {
  readonly addresses: DomainAddresses;
  readonly domain: string;
  readonly entries: Addresses;
  readonly binder: Binder;
  readonly registrar: Registrar;
  readonly owners: Ownership;
  readonly rooms: Rooms;
  readonly nodes: MediaNodes;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** The domain registry: which hyperties and objects there are, whose, and whether they can be reached. */
export function registry(deps: RegistryDependencies): Component {
  const { addresses, entries, binder, registrar, owners } = deps;

  async function register(message: Message, turn: Turn): Promise<Message> {
    const { value } = expectBody(RegisterBody, message);
    const { session } = turn;
    const url = value.url ?? addresses.hyperty(deps.newId());
    requireRegistrable(url);
    const registration = stored(value, userOf(value.user, session), deps.clock());
    const rooms = roomsJoinedIn(turn, url);
    if (rooms.length > 0) deps.nodes.warm();
    const { resumption } = value;
    const before = await binder.bind(session, { url, registration, rooms, resumption });
    turn.registered.add(url);
    if (before && isAway(before) && registration.status === 'live') await registrar.tell(url, 'live');
    // To say more than was asked would startle reTHINK's own clients: only an address that is news is told.
    return response(message, Code.ok, value.url ? {} : { value: { url, expires: value.expires } });
  }

  function requireRegistrable(url: string): void {
    if (domainOf(url) !== deps.domain) throw new Refusal(Code.badRequest, `this is the registry of ${deps.domain}`);
    if (url === addresses.conference) throw new Refusal(Code.forbidden, 'that is the conference itself');
    if (isTopic(url)) throw new Refusal(Code.badRequest, `${url} is published to, not owned`);
  }

  async function update(message: Message, { session }: Turn): Promise<Message> {
    const { resource, ends } = expectBody(RegistrationUpdateBody, message);
    const entry = await ownEntry(resource, session);
    await (ends ? registrar.end(entry) : registrar.renew(entry));
    if (ends) owners.forget(session, resource);
    return response(message, Code.ok);
  }

  async function forget(message: Message, { session }: Turn): Promise<Message> {
    const { resource } = expectBody(RegistrationDeleteBody, message);
    const entry = await ownEntry(resource, session);
    if (entry.connectionId) await entries.release(resource, entry.connectionId);
    if (session.role === 'media-node') await deps.nodes.remove(resource, session.connectionId);
    owners.forget(session, resource);
    await registrar.tell(resource, 'disconnected');
    return response(message, Code.ok);
  }

  /** An entry that this session may change: its own, or, if a token says who he is, another of its user's. */
  async function ownEntry(url: string, session: Session): Promise<AddressEntry> {
    const entry = (await entries.lookUp([url])).get(url);
    if (!entry?.registration) throw new Refusal(Code.notFound, 'Not Found');
    const own =
      entry.connectionId === session.connectionId || (!session.anonymous && entry.registration.user === session.user);
    if (!own) throw new Refusal(Code.forbidden, `${url} is registered by another user`);
    return entry;
  }

  async function read(message: Message): Promise<Message> {
    const { resource, criteria = { resources: [], dataSchemes: [] } } = expectBody(RegistryReadBody, message);
    const query = queryOf(resource);
    const listings = (await find(query)).filter((listing) => satisfies(listing, query, criteria));
    if (listings.length === 0) throw new Refusal(Code.notFound, 'Not Found');
    const value = Object.fromEntries(listings.map((listing) => [listing.url, listing]));
    if (listings.some(({ status }) => status === 'live')) return response(message, Code.ok, { value });
    const description = 'Temporarily Unavailable';
    return response(message, Code.unavailable, { description, desc: description, value });
  }

  async function find(query: Query): Promise<Listing[]> {
    if (query.by === 'service') return conference();
    if (query.by === 'url') return [...(await standing(query.key)), ...(await listed([query.key]))];
    const urls = await entries.registeredUnder(query.by, query.key);
    const own = query.by === 'user' && query.key === addresses.conferenceUser ? await conference() : [];
    const named =
      query.by === 'name' && query.key.startsWith('comm/') ? await standing(addresses.room(idOf(query.key))) : [];
    return [...own, ...named, ...(await listed(urls))];
  }

  async function listed(urls: readonly string[]): Promise<Listing[]> {
    const found = [...(await entries.lookUp(urls)).values()];
    await Promise.all(found.filter(hasExpired).map((entry) => registrar.suspend(entry)));
    return found.flatMap((entry) => listingOf(entry, deps.clock()) ?? []);
  }

  /** Nothing runs at the moment that an entry expires: the first reader after it makes it known. */
  function hasExpired({ registration }: AddressEntry): boolean {
    return registration?.status === 'live' && statusAt(registration, deps.clock()) === 'disconnected';
  }

  const isAway = ({ registration }: AddressEntry) => registration?.status === 'disconnected';

  /** What is there without having been registered. */
  async function standing(url: string): Promise<Listing[]> {
    if (url === addresses.conference) return conference();
    if (!url.startsWith(addresses.room(''))) return [];
    const room = await deps.rooms.read(url);
    return room ? [roomListing(room, addresses.conference)] : [];
  }

  async function conference(): Promise<Listing[]> {
    return [conferenceListing(addresses, await deps.nodes.isAnyLive())];
  }

  return async (message, turn) => {
    switch (message.type) {
      case 'create':
        return register(message, turn);
      case 'update':
        return update(message, turn);
      case 'delete':
        return forget(message, turn);
      case 'read':
        return read(message);
      case 'response':
        return undefined;
      default:
        throw new Refusal(Code.badRequest, `the registry does not know '${message.type}'`);
    }
  };
}

/** Whose an entry is: the token says it, or, without one, the entry itself. */
function userOf(claimed: string | undefined, session: Session): string {
  if (session.anonymous) return claimed ?? session.user;
  if (claimed && claimed !== session.user) throw new Refusal(Code.forbidden, `you are ${session.user}, not ${claimed}`);
  return session.user;
}

/**
 * The rooms that the rest of the frame joins, or goes on in, as this hyperty. Noted with the registration, they spare that a
 * write of its own; one that is refused later does no harm.
 */
function roomsJoinedIn(turn: Turn, url: string): string[] {
  const joins = turn.messages.filter(({ type, from }) => (type === 'create' || type === 're-open') && from === url);
  return joins.flatMap((message) => {
    const body = v.safeParse(v.pick(JoinBody, ['resource']), message.body);
    return body.success ? [body.output.resource] : [];
  });
}
