import rpc from 'kurento-jsonrpc';

/**
 * kurento-client numbers its requests from 0 in every process, while Kurento answers a number of a session that it has
 * seen in the last 20 s with what it answered then: whoever goes on with a session has to go on with its numbers. The
 * client cannot be told to, so they are shifted where messages become text. For the whole process: so is the client.
 */

/** Kurento reads them as signed integers of 32 bits. */
const NUMBERS = 2 ** 30;

const { packers } = rpc;
const { pack, unpack } = packers.JsonRPC;
let first = 0;
let next = 0;

packers.JsonRPC.pack = (message, id) => {
  if (id === undefined) return pack(message);
  next = first + id + 1;
  return pack(message, first + id);
};

packers.JsonRPC.unpack = (text) => {
  const message = unpack(text);
  if (message.ack !== undefined) message.ack -= first;
  return message;
};

export function numberRequestsFrom(number: number): void {
  first = number % NUMBERS;
  next = first;
}

export function nextRequestNumber(): number {
  return next;
}
