import { domainAddresses } from '@hyperroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressEntry } from '../store/entries.ts';
import { conferenceListing, type Listing, listingOf, queryOf, satisfies } from './discovery.ts';
import { stored } from './registrar.ts';

const NONE = { resources: [], dataSchemes: [] };

function aListing(changes: Partial<Listing> = {}): Listing {
  return { url: 'hyperty://d/a', status: 'live', resources: ['audio'], dataSchemes: ['connection'], ...changes };
}

describe('queryOf', () => {
  it.each([
    ['hyperty://d/a', { by: 'url', key: 'hyperty://d/a' }],
    ['comm://d/room', { by: 'url', key: 'comm://d/room' }],
    ['user://d/ada', { by: 'user', key: 'user://d/ada' }],
    ['user-guid://x', { by: 'guid', key: 'user-guid://x' }],
    ['/hyperty', { by: 'service' }],
    ['/hyperty/user/user://d/ada', { by: 'user', key: 'user://d/ada', scheme: 'hyperty' }],
    ['/comm/user/ada@d', { by: 'user', key: 'ada@d', scheme: 'comm' }],
    ['/hyperty/guid/user-guid://x', { by: 'guid', key: 'user-guid://x', scheme: 'hyperty' }],
    ['/hyperty/url/hyperty://d/a', { by: 'url', key: 'hyperty://d/a' }],
    ['/comm/name/my room/2', { by: 'name', key: 'comm/my room/2' }],
    ['/connection/reporter/hyperty://d/a', { by: 'reporter', key: 'connection/hyperty://d/a' }],
    ['/comm/color/red', { by: 'url', key: '/comm/color/red' }],
  ])('reads %s', (resource, query) => {
    expect(queryOf(resource)).toEqual(query);
  });

  it('takes any text for something, and never loses a URL', () => {
    const kinds = ['url', 'user', 'guid', 'name', 'reporter', 'service'];
    fc.assert(fc.property(fc.string(), (text) => kinds.includes(queryOf(text).by)));
    const urls = fc.webUrl().filter((url) => !url.startsWith('/'));
    fc.assert(fc.property(urls, (url) => void expect(queryOf(`/hyperty/url/${url}`)).toEqual({ by: 'url', key: url })));
  });
});

describe('satisfies', () => {
  const byUser = { by: 'user', key: 'user://d/ada' } as const;
  const object = aListing({ url: 'comm://d/r', dataSchemes: ['comm'] });

  it.each([
    ['a hyperty without criteria', aListing(), NONE, true],
    ['an older hyperty', aListing({ url: 'hyperty-instance://d/a' }), NONE, true],
    ['an object nobody asked for', object, NONE, false],
    ['an object of a scheme that the criteria name', object, { ...NONE, scheme: 'comm' }, true],
    ['an object of a data scheme that they name', object, { ...NONE, dataSchemes: ['comm'] }, true],
    ['a hyperty where objects are asked for', aListing(), { ...NONE, scheme: 'comm' }, false],
    [
      'an older hyperty where hyperties are',
      aListing({ url: 'hyperty-instance://d/a' }),
      { ...NONE, scheme: 'hyperty' },
      true,
    ],
    ['too few resources', aListing(), { ...NONE, resources: ['audio', 'video'] }, false],
    ['another data scheme', aListing(), { ...NONE, dataSchemes: ['comm'] }, false],
  ])('of a user: %s', (_, listing, criteria, expected) => {
    expect(satisfies(listing, byUser, criteria)).toBe(expected);
  });

  it('prefers the scheme of the path to that of the criteria', () => {
    expect(satisfies(object, { ...byUser, scheme: 'comm' }, { ...NONE, scheme: 'hyperty' })).toBe(true);
  });

  it('asks less of whoever is read by URL or name: he was named', () => {
    expect(satisfies(object, { by: 'url', key: object.url }, NONE)).toBe(true);
    expect(satisfies(object, { by: 'name', key: 'comm/r' }, NONE)).toBe(true);
  });

  it('never finds more by asking for more', () => {
    const words = fc.subarray(['audio', 'video', 'chat']);
    const schemes = fc.subarray(['comm', 'connection']);
    fc.assert(
      fc.property(words, schemes, words, schemes, words, (resources, dataSchemes, wanted, wantedSchemes, more) => {
        const listing = aListing({ resources, dataSchemes });
        const less = { resources: wanted, dataSchemes: wantedSchemes };
        const query = { by: 'url', key: listing.url } as const;
        const found = satisfies(listing, query, less);
        expect(found).toBe(
          wanted.every((word) => resources.includes(word)) && wantedSchemes.every((s) => dataSchemes.includes(s)),
        );
        if (!found) expect(satisfies(listing, query, { ...less, resources: [...wanted, ...more] })).toBe(false);
      }),
    );
  });
});

describe('listingOf', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const registration = stored(
    { expires: 60, status: 'live', descriptor: 'x', extra: { kept: true } },
    'user://d/ada',
    now,
  );
  const entry: AddressEntry = {
    url: 'hyperty://d/a',
    connectionId: 'secret',
    user: 'user://d/ada',
    expires: now,
    allocationKey: 'secret',
    rooms: ['comm://d/secret'],
    subscribers: ['secret'],
    registration,
    resumable: true,
    opened: now,
  };

  it('shows what was registered, and nothing of how it is reached', () => {
    const listing = listingOf(entry, now);
    expect(listing).toMatchObject({
      url: entry.url,
      hypertyID: entry.url,
      user: 'user://d/ada',
      extra: { kept: true },
    });
    expect(JSON.stringify(listing)).not.toContain('secret');
    expect(listing).not.toHaveProperty('until');
  });

  it('is disconnected from the moment it expires', () => {
    expect(listingOf(entry, now + 59_999)?.status).toBe('live');
    expect(listingOf(entry, now + 60_000)?.status).toBe('disconnected');
  });

  it('is nothing for an address that nobody registered', () => {
    expect(listingOf({ ...entry, registration: undefined }, now)).toBeUndefined();
  });
});

describe('conferenceListing', () => {
  it('is there with or without media, and says which', () => {
    const addresses = domainAddresses('d');
    expect(conferenceListing(addresses, true)).toMatchObject({ url: 'hyperty://d/conference', status: 'live' });
    expect(conferenceListing(addresses, false).status).toBe('disconnected');
  });
});
