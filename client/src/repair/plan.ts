import { delayAfter } from '../backoff.ts';
import { retryAfterOf } from '../errors.ts';

/** Milliseconds that a transport may be disconnected: what passes by itself has usually passed by then. */
export const PATIENCE = 3_000;
/** Milliseconds that a transport may take to connect. */
export const CONNECTING = 15_000;
/** Milliseconds after its answer that a connection may take to find a direct way, where there are relays that it knows nothing of. */
export const DIRECT = 4_000;
/** How long a transport may be in a state. */
const TOLERANCE: Partial<Record<RTCPeerConnectionState, number>> = {
  failed: 0,
  disconnected: PATIENCE,
  connecting: CONNECTING,
  // Where it has no way to try at all, a transport remains new.
  new: CONNECTING,
};
/** How attempts at a repair follow each other. */
export const PACE = { first: 1_000, longest: 15_000, chance: 0.5 };
/** Milliseconds after an attempt from which on a fault has nothing to do with the one that it was made at. */
export const STABLE = 30_000;

/** One connection, as far as its repair is concerned. Times are milliseconds of one clock. */
export interface Health {
  transport: RTCPeerConnectionState;
  /** When its transport came into that state: `Infinity` until it is answered. */
  since: number;
  /** When it was made. */
  made: number;
  /** Undefined until it is answered. */
  answeredAt: number | undefined;
  /** The epoch of the room that it was offered in; undefined: of the one that there is. */
  epoch: number | undefined;
  /** The relays that it may go by. */
  relays: string;
}

/** The last attempt at the repair of a connection, or that the connection itself is. */
export interface Attempt {
  /** When the connection broke that was given up by it: what works again all of a sudden does not stop it. */
  broken: number | undefined;
  /** How many there have been in a row. */
  count: number;
  begun: number;
  /** The next is not made before. */
  notBefore: number;
  epoch: number;
}

export interface Circumstances {
  now: number;
  /** That of the room. */
  epoch: number;
  /** When the network changed last. */
  networkChanged: number;
  /** The relays that there are. */
  relays: string;
}

/**
 * When a connection broke, or will be taken for broken if nothing changes; undefined: it works. `isUseless`: the room says that
 * nothing comes through it, or knows of another in its place.
 */
export function brokenFrom(health: Health, isUseless: boolean, circumstances: Circumstances): number | undefined {
  const { transport, since, made, answeredAt, epoch } = health;
  const { now, networkChanged } = circumstances;
  const tolerance = TOLERANCE[transport] ?? Infinity;
  const faults = [
    isUseless || (epoch !== undefined && epoch !== circumstances.epoch) ? now : Infinity,
    since + (tolerance === CONNECTING && health.relays !== circumstances.relays ? DIRECT : tolerance),
    answeredAt !== undefined && made < networkChanged ? networkChanged : Infinity,
  ];
  const first = Math.min(...faults);
  return first < Infinity ? first : undefined;
}

/** When to try to repair what broke at `broken`. */
export function dueAt(broken: number, attempt: Attempt | undefined, circumstances: Circumstances): number {
  if (!attempt || isAnother(broken, attempt, circumstances)) return broken;
  const { begun, notBefore } = attempt;
  const isWorthwhile = begun < circumstances.networkChanged;
  return Math.max(broken, isWorthwhile ? Math.min(notBefore, begun + PACE.first) : notBefore);
}

/** An attempt that begins now. `random`: 0 to 1. */
export function begin(
  broken: number,
  before: Attempt | undefined,
  circumstances: Circumstances,
  random: number,
): Attempt {
  const { now, epoch } = circumstances;
  const count = before && !isAnother(broken, before, circumstances) ? before.count + 1 : 1;
  return { broken, count, begun: now, notBefore: now + delayAfter(count, PACE, random), epoch };
}

/** An attempt that has come to nothing; `retryAfter`: milliseconds that the server asks for. */
export function failed(attempt: Attempt, now: number, random: number, retryAfter = 0): Attempt {
  return { ...attempt, notBefore: now + Math.max(retryAfter, delayAfter(attempt.count, PACE, random)) };
}

/** Milliseconds to wait with what has failed that many times in a row: at least as long as the server asks for. */
export function pauseAfter(attempts: number, failure: unknown): number {
  return Math.max(retryAfterOf(failure) ?? 0, delayAfter(attempts, PACE, Math.random()));
}

/** Whether an attempt was made at something else. */
function isAnother(broken: number, attempt: Attempt, { epoch }: Circumstances): boolean {
  return attempt.epoch !== epoch || attempt.begun < broken - STABLE;
}
