import { type Counters, countAccess, type Passed } from '../aws/index.ts';

/** US dollars, us-east-1. */
const PRICES = { message: 1.0e-6, invocation: 0.2e-6, write: 0.625e-6, read: 0.125e-6 };
const MESSAGE_UNIT = 32 * 1024;

/** What AWS would have charged so far for messages, invocations and items. Compute time here is not that of Lambda, and logs and minutes of connections are not in it. */
export function priceOf(total: Counters): number {
  const units = (count: number, bytes: number) => Math.max(count, Math.ceil(bytes / MESSAGE_UNIT));
  const messages = units(total.messagesUp, total.bytesUp) + units(total.messagesDown, total.bytesDown);
  const invocations = Object.values(total.invocations).reduce((sum, count) => sum + count, 0);
  return dollarsFor({ messages, invocations, writes: total.writes, reads: total.reads });
}

/** What one request has taken. */
export interface JoinCost {
  /** Messages from clients and to them, the agent being one, by 32 KiB. */
  readonly messages: number;
  readonly invocations: number;
  readonly reads: number;
  readonly writes: number;
  /** Dollars for a million like it, without compute time. */
  readonly perMillion: number;
}

export function joinCost(seen: readonly Passed[]): JoinCost {
  const cost = { messages: 0, invocations: 0, reads: 0, writes: 0 };
  for (const passed of seen) {
    if (passed.kind === 'up' || passed.kind === 'down') {
      cost.messages += Math.max(1, Math.ceil(Buffer.byteLength(passed.body) / MESSAGE_UNIT));
    }
    if (passed.kind === 'invocation') cost.invocations += 1;
    if (passed.kind === 'table') {
      const { reads, writes } = countAccess(passed.operation, passed.input);
      cost.reads += reads;
      cost.writes += writes;
    }
  }
  return { ...cost, perMillion: Math.round(dollarsFor(cost) * 1e8) / 100 };
}

function dollarsFor({ messages, invocations, reads, writes }: Omit<JoinCost, 'perMillion'>): number {
  return messages * PRICES.message + invocations * PRICES.invocation + writes * PRICES.write + reads * PRICES.read;
}
