import { type DomainAddresses, idOf, isHypertyScheme, SCHEMAS, schemeOf } from '@hyperroom/protocol';
import type { RoomState } from '../conference/room-state.ts';
import type { AddressEntry } from '../store/entries.ts';
import { statusAt } from '../store/entries.ts';

/** What a reader asks for. */
export type Query =
  | { readonly by: 'url'; readonly key: string }
  /** Of all that is the user's, only what has this scheme; absent: what hyperties have, and the criteria's own. */
  | { readonly by: 'user' | 'guid'; readonly key: string; readonly scheme?: string }
  /** The key is `<scheme>/<name>` or `<scheme>/<reporter>`. */
  | { readonly by: 'name' | 'reporter'; readonly key: string }
  /** Whoever serves the domain: its conference. */
  | { readonly by: 'service' };

export interface Criteria {
  readonly resources: readonly string[];
  readonly dataSchemes: readonly string[];
  readonly scheme?: string | undefined;
}

/** An entry as readers see it. */
export interface Listing {
  readonly url: string;
  readonly status: 'live' | 'disconnected';
  readonly resources: readonly string[];
  readonly dataSchemes: readonly string[];
  readonly [field: string]: unknown;
}

/** `user://…`, `user-guid://…`, `/hyperty/user/<u>`, `/<scheme>/name/<n>`, `/<scheme>/reporter/<url>`, or an address. */
export function queryOf(resource: string): Query {
  const path = /^\/([\w.+-]+)\/(user|guid|name|reporter|url)\/(.+)$/.exec(resource);
  if (path) {
    const [, scheme = '', kind, key = ''] = path;
    if (kind === 'user' || kind === 'guid') return { by: kind, key, scheme };
    if (kind === 'name' || kind === 'reporter') return { by: kind, key: `${scheme}/${key}` };
    return { by: 'url', key };
  }
  if (resource === '/hyperty') return { by: 'service' };
  if (schemeOf(resource) === 'user') return { by: 'user', key: resource };
  if (schemeOf(resource) === 'user-guid') return { by: 'guid', key: resource };
  return { by: 'url', key: resource };
}

/** Whether an entry has all that is asked for. */
export function satisfies(listing: Listing, query: Query, criteria: Criteria): boolean {
  const scheme = schemeOf(listing.url);
  const wanted = 'scheme' in query && query.scheme ? query.scheme : criteria.scheme;
  const byPerson = query.by === 'user' || query.by === 'guid';
  if (byPerson && wanted !== undefined && !sameScheme(scheme, wanted)) return false;
  if (byPerson && wanted === undefined && !isHypertyScheme(scheme) && !criteria.dataSchemes.includes(scheme))
    return false;
  const offered = [...listing.dataSchemes, scheme];
  return (
    criteria.resources.every((resource) => listing.resources.includes(resource)) &&
    criteria.dataSchemes.every((dataScheme) => offered.includes(dataScheme))
  );
}

function sameScheme(a: string, b: string): boolean {
  return a === b || (isHypertyScheme(a) && isHypertyScheme(b));
}

export function listingOf(entry: AddressEntry, now: number): Listing | undefined {
  if (!entry.registration) return undefined;
  const { until: _, ...registration } = entry.registration;
  return { ...registration, url: entry.url, hypertyID: entry.url, status: statusAt(entry.registration, now) };
}

/** A room is an object like any other, though nobody had to register it. */
export function roomListing(room: RoomState, reporter: string): Listing {
  return {
    url: room.url,
    user: reporter,
    reporter,
    schema: SCHEMAS.communication,
    name: idOf(room.url),
    status: 'live',
    resources: ['audio', 'video'],
    dataSchemes: ['comm'],
    startingTime: room.created,
    lastModified: room.lastModified,
  };
}

/** The server conference hyperty, there while a media node is. */
export function conferenceListing(addresses: DomainAddresses, live: boolean): Listing {
  return {
    url: addresses.conference,
    hypertyID: addresses.conference,
    user: addresses.conferenceUser,
    descriptor: 'conference-server',
    status: live ? 'live' : 'disconnected',
    resources: ['audio', 'video'],
    dataSchemes: ['connection', 'comm'],
  };
}
