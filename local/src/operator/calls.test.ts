import { expect, test } from 'vitest';
import type { RpcText } from '../sights.ts';
import { batchesOf, callsIn, isAbout, nameOf } from './calls.ts';

const said = (by: 'client' | 'kurento', at: number, frame: object): RpcText => ({
  kind: 'rpc',
  node: 'media-1',
  by,
  at,
  text: JSON.stringify({ jsonrpc: '2.0', ...frame }),
});
const create = (id: number, at: number) =>
  said('client', at, { id, method: 'create', params: { type: 'WebRtcEndpoint', constructorParams: {} } });
const made = (id: number, at: number, value: string) => said('kurento', at, { id, result: { value } });

test('a call has its answer, whatever was said between', () => {
  const calls = callsIn([
    create(1, 10),
    create(2, 11),
    made(2, 13, 'second'),
    said('kurento', 14, { method: 'onEvent', params: { value: { object: 'first', type: 'IceGatheringDone' } } }),
    made(1, 15, 'first'),
  ]);
  expect(calls.map((call) => [nameOf(call), call.at, call.ms, call.result])).toEqual([
    ['create WebRtcEndpoint', 10, 5, 'first'],
    ['create WebRtcEndpoint', 11, 2, 'second'],
    ['IceGatheringDone', 14, undefined, undefined],
  ]);
  expect(calls.map((call) => isAbout(new Set(['first']), call))).toEqual([true, false, true]);
});

test('a transaction is its operations, each with its own answer', () => {
  const operations = [
    { id: 0, method: 'invoke', params: { object: 'a', operation: 'connect', operationParams: { sink: 'b' } } },
    { id: 1, method: 'invoke', params: { object: 'c', operation: 'disconnect' } },
  ];
  const calls = callsIn([
    said('client', 1, { id: 7, method: 'transaction', params: { operations } }),
    said('kurento', 3, {
      id: 7,
      result: {
        value: [
          { id: 0, result: {} },
          { id: 1, error: { message: 'no such' } },
        ],
      },
    }),
  ]);
  expect(calls.map((call) => [nameOf(call), call.ms, call.error?.message])).toEqual([
    ['connect', 2, undefined],
    ['disconnect', 2, 'no such'],
  ]);
  expect(calls.map((call) => isAbout(new Set(['b']), call))).toEqual([true, false]);
});

test('what was under way at once is one batch; what came after, another', () => {
  const calls = callsIn([
    create(1, 0),
    create(2, 1),
    made(1, 5, 'a'),
    made(2, 6, 'b'),
    create(3, 500),
    made(3, 501, 'c'),
  ]);
  expect(batchesOf(calls).map((batch) => batch.length)).toEqual([2, 1]);
});

test('what is no JSON is left out', () => {
  expect(callsIn([{ ...create(1, 0), text: '{' }])).toEqual([]);
});
