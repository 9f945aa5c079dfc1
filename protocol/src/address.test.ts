import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Address, HypertyUrl, RoomUrl } from './address.ts';
import { domainAddresses, domainOf, idOf, schemeOf } from './domain.ts';
import { MAX_ADDRESS_LENGTH, MAX_ROOM_ID_LENGTH } from './limits.ts';

describe('addresses', () => {
  it.each([
    'mn:/session',
    'domain://msg-node.example.org/sm',
    'hyperty://d/1',
    'hyperty-runtime://d/1/x',
    'user-guid://x',
  ])('accepts %s', (address) => expect(v.is(Address, address)).toBe(true));

  it.each(['', 'hyperty://a b/c', 7, null, `a://${'x'.repeat(MAX_ADDRESS_LENGTH)}`])('refuses %s', (address) =>
    expect(v.is(Address, address)).toBe(false),
  );

  it.each(['hyperty://d', 'hyperty://d/', 'hyperty:///x', 'comm://d/x', 'x'])(
    'of a hyperty are not like %s',
    (address) => expect(v.is(HypertyUrl, address)).toBe(false),
  );

  it('have a scheme, a domain and an id', () => {
    expect(['hyperty://d/x', 'runtime:/alice', 'publisher'].map(schemeOf)).toEqual(['hyperty', 'runtime', '']);
    expect(domainOf('hyperty://example.org/a/b')).toBe('example.org');
    expect(idOf('hyperty://example.org/a/b')).toBe('b');
  });
});

describe('rooms', () => {
  const { room } = domainAddresses('localhost');

  it.each(['standup', 'a', 'A.b_c~d-9', 'x'.repeat(MAX_ROOM_ID_LENGTH)])('may be called %s', (id) =>
    expect(v.is(RoomUrl, room(id))).toBe(true),
  );

  it.each(['', 'a/b', 'a b', 'é', '#', 'x'.repeat(MAX_ROOM_ID_LENGTH + 1)])('may not be called %s', (id) =>
    expect(v.is(RoomUrl, room(id))).toBe(false),
  );
});
