import type { Result } from '../gateway-events.ts';

/** Runs a handler's work. A failure is logged and answered: thrown, it would end the process of some emulators. */
export async function resultOf(work: () => Promise<void>): Promise<Result> {
  try {
    await work();
    return { statusCode: 200 };
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', error: error instanceof Error ? error.stack : String(error) }));
    return { statusCode: 500 };
  }
}
