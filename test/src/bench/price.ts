import type { InvocationRecord } from '@hyperroom/local/aws';

/** US dollars: API Gateway, Lambda on arm64 and DynamoDB on demand, us-east-1. */
const PRICES = {
  /** Each 32 KB of a message, either way. */
  message: 1.0e-6,
  invocation: 0.2e-6,
  gigabyteSecond: 0.0000133334,
  /** Each 1 KB of an item. */
  write: 0.625e-6,
  /** Each 4 KB of an item. */
  read: 0.125e-6,
};

const MESSAGE_UNIT = 32 * 1024;
const WRITE_UNIT = 1024;

export interface JoinTraffic {
  /** Bytes of each message, either way, that the join causes: everybody else's news of it excluded. */
  readonly messages: readonly number[];
  readonly invocations: readonly InvocationRecord[];
  /** Megabytes of a function. */
  readonly memoryOf: (functionName: string) => number;
  /** Bytes of the room's item. */
  readonly roomBytes: number;
  /** Times that the room's item was written. */
  readonly roomWrites: number;
}

/** What a million joins like this cost, and of what that is made. */
export interface Price {
  readonly messages: number;
  readonly invocations: number;
  readonly compute: number;
  readonly database: number;
  readonly total: number;
}

export function pricePerMillion(traffic: JoinTraffic): Price {
  const { messages, invocations } = traffic;
  const units = messages.reduce((sum, bytes) => sum + Math.max(1, Math.ceil(bytes / MESSAGE_UNIT)), 0);
  const perJoin = {
    messages: units * PRICES.message,
    invocations: invocations.length * PRICES.invocation,
    compute: gigabyteSeconds(traffic) * PRICES.gigabyteSecond,
    database: writeUnits(traffic) * PRICES.write + sumOf(invocations, 'reads') * PRICES.read,
  };
  const parts = {
    messages: perJoin.messages * 1e6,
    invocations: perJoin.invocations * 1e6,
    compute: perJoin.compute * 1e6,
    database: perJoin.database * 1e6,
  };
  return { ...parts, total: parts.messages + parts.invocations + parts.compute + parts.database };
}

function gigabyteSeconds({ invocations, memoryOf }: JoinTraffic): number {
  // Lambda bills whole milliseconds.
  return invocations.reduce(
    (sum, { function: name, durationMs }) => sum + (memoryOf(name) / 1024) * (Math.ceil(durationMs) / 1000),
    0,
  );
}

/** The room's item grows with its participants. The other one, the joiner's address, is small and is written a second time into its index. */
function writeUnits({ invocations, roomBytes, roomWrites }: JoinTraffic): number {
  const others = sumOf(invocations, 'writes') - roomWrites;
  return roomWrites * Math.max(1, Math.ceil(roomBytes / WRITE_UNIT)) + others * 2;
}

function sumOf(invocations: readonly InvocationRecord[], field: 'reads' | 'writes'): number {
  return invocations.reduce((sum, record) => sum + record[field], 0);
}
