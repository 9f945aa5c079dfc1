import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { outwardAddress } from './own-address.ts';

const base = { netmask: '', mac: '', cidr: null };
const lo: NetworkInterfaceInfo[] = [
  { ...base, family: 'IPv4', address: '127.0.0.1', internal: true },
  { ...base, family: 'IPv6', address: '::1', internal: true, scopeid: 0 },
];
const eth0: NetworkInterfaceInfo[] = [
  { ...base, family: 'IPv6', address: 'fd00::2', internal: false, scopeid: 0 },
  { ...base, family: 'IPv4', address: '192.0.2.2', internal: false },
];

it('is an address of the network that the machine is in', () => {
  expect(outwardAddress({ lo, eth0 })).toBe('192.0.2.2');
});

it('is the loopback interface’s where there is no other', () => {
  expect(outwardAddress({ lo })).toBe('127.0.0.1');
});
