import { setTimeout as delay } from 'node:timers/promises';
import { synthSignalling } from '@hyperroom/infra';
import { type AwsEmulator, type Counters, startAwsEmulator } from '@hyperroom/local/aws';
import { domainAddresses } from '@hyperroom/protocol';
import { until } from '../call/until.ts';
import { type RelayFigures, relayFigures } from './relay-figures.ts';
import { RelaySocket } from './relay-socket.ts';

export interface RelayOptions {
  /** How long each path is measured. */
  readonly seconds: number;
  /** Messages delivered each second: to ten listeners a tenth is sent. */
  readonly rate: number;
  readonly onProgress: (step: string) => void;
}

/** What is sent again and again, and who hears it. */
interface Path {
  readonly name: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly listeners: number;
}

const DOMAIN = 'localhost';
const at = domainAddresses(DOMAIN);
const DEADLINE = 20_000;
/** As many as the emulator has of a function. */
const SANDBOXES = 8;

const PATHS: readonly Path[] = [
  { name: 'hyperty to hyperty', type: 'execute', from: at.hyperty('a'), to: at.hyperty('b'), listeners: 1 },
  change('connection object to its observer', at.connection('bench'), 1),
  change('comm object to its observer', at.room('bench'), 1),
  change('comm object to 10 observers', at.room('crowd'), 10),
];

function change(name: string, object: string, listeners: number): Path {
  return { name, type: 'update', from: object, to: `${object}/changes`, listeners };
}

/** Measures what the messaging node does to a message that it relays, on an emulator of its own. */
export async function benchRelay(options: RelayOptions): Promise<RelayFigures[]> {
  const { template, assets } = await synthSignalling({ domain: DOMAIN, allowAnonymous: true });
  const emulator = await startAwsEmulator({ template, assets, warmSandboxes: SANDBOXES });
  try {
    const figures: RelayFigures[] = [];
    for (const path of PATHS) {
      options.onProgress(`${path.name}, ${options.seconds} s`);
      figures.push(await measure(emulator, path, options));
    }
    return figures;
  } finally {
    await emulator.close();
  }
}

async function measure(emulator: AwsEmulator, path: Path, { seconds, rate }: RelayOptions): Promise<RelayFigures> {
  const speaker = await RelaySocket.open(emulator.signallingUrl);
  const listeners = await Promise.all(
    Array.from({ length: path.listeners }, () => RelaySocket.open(emulator.signallingUrl)),
  );
  try {
    await speaker.subscribe(at.subscriptions, [path.from]);
    await Promise.all(listeners.map((listener) => listener.subscribe(at.subscriptions, [path.to])));
    const run = (name: string, count: number, perSecond: number) =>
      send(path, speaker, listeners, { name, count, perSecond });
    // All at once, so that every sandbox sees the sender: what it then knows of him spares it a read.
    await run('warm', SANDBOXES * 10, Number.POSITIVE_INFINITY);
    const before = await counted(emulator);
    const began = performance.now();
    const perSecond = rate / path.listeners;
    const sent = await run('measured', Math.ceil(seconds * perSecond), perSecond);
    const took = performance.now() - began;
    const after = await counted(emulator);
    const arrivals = listeners.map((listener) => listener.arrivals);
    return relayFigures({ path: path.name, listeners: path.listeners, sent, arrivals, took, before, after });
  } finally {
    for (const socket of [speaker, ...listeners]) socket.close();
  }
}

interface Run {
  readonly name: string;
  readonly count: number;
  readonly perSecond: number;
}

/** Sends at an even pace and waits for all of it; gives when each was sent. */
async function send(
  path: Path,
  speaker: RelaySocket,
  listeners: readonly RelaySocket[],
  { name, count, perSecond }: Run,
) {
  const sent = new Map<string, number>();
  const began = performance.now();
  for (let at = 0; at < count; at++) {
    const early = began + (at * 1000) / perSecond - performance.now();
    if (early > 1) await delay(early);
    const id = `${name}-${at}`;
    sent.set(id, performance.now());
    const { type, from, to } = path;
    speaker.send({ id, type, from, to, body: { version: at + 1, source: from, attribute: 'count', value: at } });
  }
  const areAllIn = async () => listeners.every(({ arrivals }) => [...sent.keys()].every((id) => arrivals.has(id)));
  const { good } = await until(areAllIn, Boolean, { deadline: DEADLINE, every: 20 });
  if (!good) throw new Error(`${path.name}: not everything has arrived after ${DEADLINE / 1000} s`);
  return sent;
}

async function counted(emulator: AwsEmulator): Promise<Counters> {
  return (await emulator.metrics()).total;
}
