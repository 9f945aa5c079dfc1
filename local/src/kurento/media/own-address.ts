import { networkInterfaces } from 'node:os';

/** Where a laptop's call stays. */
export const LOOPBACK = '127.0.0.1';

/** This machine's own address towards its network; that of the loopback interface if it is in none. */
export function outwardAddress(interfaces = networkInterfaces()): string {
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? LOOPBACK;
}
