import type { Counters } from '../aws/index.ts';

/** US dollars, us-east-1. */
const PRICES = { message: 1.0e-6, invocation: 0.2e-6, write: 0.625e-6, read: 0.125e-6 };
const MESSAGE_UNIT = 32 * 1024;

/** What AWS would have charged so far for messages, invocations and items. Compute time here is not that of Lambda, and logs and minutes of connections are not in it. */
export function priceOf(total: Counters): number {
  const units = (count: number, bytes: number) => Math.max(count, Math.ceil(bytes / MESSAGE_UNIT));
  const messages = units(total.messagesUp, total.bytesUp) + units(total.messagesDown, total.bytesDown);
  const invocations = Object.values(total.invocations).reduce((sum, count) => sum + count, 0);
  return (
    messages * PRICES.message +
    invocations * PRICES.invocation +
    total.writes * PRICES.write +
    total.reads * PRICES.read
  );
}
