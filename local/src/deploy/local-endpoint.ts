import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { DeployError } from './deploy-error.ts';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Docker's host has an address of its own in the network of the containers. */
const ofThisMachine = new BlockList();
ofThisMachine.addSubnet('127.0.0.0', 8, 'ipv4');
ofThisMachine.addSubnet('10.0.0.0', 8, 'ipv4');
ofThisMachine.addSubnet('172.16.0.0', 12, 'ipv4');
ofThisMachine.addSubnet('192.168.0.0', 16, 'ipv4');
ofThisMachine.addAddress('::1', 'ipv6');
ofThisMachine.addSubnet('fc00::', 7, 'ipv6');

const DOCKER_HOST = 'host.docker.internal';
const LOCAL_NAMES = /^(?:localhost|(?:.+\.)?localhost\.localstack\.cloud|.+\.localhost|host\.docker\.internal)$/;

/**
 * The endpoint with an address of this machine in place of its name: what has been checked is what will be called, whatever the name
 * means a moment later. Anything else is refused, for what follows makes and deletes resources.
 */
export async function localEndpoint(text: string, resolve: Resolve = resolveAll): Promise<string> {
  const url = parse(text);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(hostname) !== 0) {
    if (!contains(loopback, hostname)) throw refused(text, `${hostname} is no address of this machine's own`);
    return `http://${url.host}`;
  }
  if (!LOCAL_NAMES.test(hostname)) throw refused(text, `${hostname} is not a name of this machine`);
  const addresses = await addressesOf(hostname, text, resolve);
  const allowed = hostname === DOCKER_HOST ? ofThisMachine : loopback;
  const foreign = addresses.find((address) => !contains(allowed, address));
  if (foreign !== undefined) throw refused(text, `${hostname} is ${foreign} here, and that is not this machine`);
  const address = addresses.find((candidate) => isIP(candidate) === 4) ?? addresses[0];
  if (address === undefined) throw refused(text, `${hostname} has no address`);
  return `http://${isIP(address) === 6 ? `[${address}]` : address}:${url.port || '80'}`;
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw refused(text, 'that is no URL');
  const url = new URL(text);
  if (url.protocol !== 'http:') throw refused(text, 'emulators are spoken to over http://');
  if (url.username !== '' || url.password !== '') throw refused(text, 'it has credentials in it');
  return url;
}

async function addressesOf(hostname: string, text: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch (error) {
    // Browsers know it, libraries do not: RFC 6761 has such names mean the loopback, and nothing else.
    if (hostname.endsWith('.localhost')) return ['127.0.0.1'];
    throw refused(text, `${hostname} does not resolve`, { cause: error });
  }
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function refused(text: string, why: string, options?: ErrorOptions): DeployError {
  return new DeployError(
    'endpoint-not-local',
    `${text}: ${why}. Only an emulator on this machine is deployed to, as http://127.0.0.1:4566; for AWS there is npx cdk deploy`,
    options,
  );
}

async function resolveAll(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
