import { logError } from './log.ts';
import { isThrottled, overloaded } from './overload.ts';

/* What is tried again, and after how long. */

/** A rival's write between ours and its retry is possible only so often; beyond it something else is wrong. */
const MAX_ATTEMPTS = 20;
/** Milliseconds that rivals wait at most before their second try, and before any. */
const RIVALS = { first: 5, longest: 250 };
/** The same for what nobody waits for, after AWS has refused whatever the SDK repeated. */
const UNHURRIED = { first: 250, longest: 2_000 };
const PATIENCE = 6;

/** Tries until an attempt gives something: it gives nothing if somebody else's write came first. */
export async function inSpiteOfRivals<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    if (count > 0) await backOff(count);
    const result = await attempt();
    if (result !== undefined) return result;
  }
  logError(new Error(`${what}: gave up after ${MAX_ATTEMPTS} attempts`));
  throw overloaded();
}

/** For what nobody waits for and nobody does again: it outlasts some seconds of throttling. */
export async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await act();
    } catch (error) {
      if (!isThrottled(error) || count > PATIENCE) throw error;
      await backOff(count, UNHURRIED);
    }
  }
}

/** Full jitter: rivals that waited equally long would meet again. */
export function backOff(attempt: number, { first, longest } = RIVALS): Promise<void> {
  const delay = Math.random() * Math.min(longest, first * 2 ** (attempt - 1));
  return new Promise((resolve) => setTimeout(resolve, delay));
}
