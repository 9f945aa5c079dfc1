import type { Result } from '../gateway-events.ts';
import { logError } from '../log.ts';

/** Runs a handler's work. A failure is logged and answered: thrown, it would end the process of some emulators. */
export async function resultOf(work: () => Promise<void>): Promise<Result> {
  try {
    await work();
    return { statusCode: 200 };
  } catch (error) {
    logError(error);
    return { statusCode: 500 };
  }
}
