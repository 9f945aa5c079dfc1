import { expect, it } from 'vitest';
import { errorReply, type RpcReply, resultReply } from './envelope.ts';
import { factoryNotFound } from './errors.ts';
import type { JsonObject } from './json.ts';
import { runTransaction } from './transaction.ts';

const operation = (id: number, params: JsonObject): JsonObject => ({ jsonrpc: '2.0', id, method: 'invoke', params });

function run(operations: JsonObject[], answer: (index: number) => RpcReply) {
  const seen: JsonObject[] = [];
  const result = runTransaction({ sessionId: 's', operations }, (_, request) => {
    seen.push(request);
    return answer(seen.length - 1);
  });
  return { result, seen };
}

it('puts results in the place of references, however deep, and the session into every operation', () => {
  const { result, seen } = run(
    [operation(0, {}), operation(1, { object: 'newref:0', operationParams: { list: ['newref:0', 'newref'] } })],
    (index) => resultReply('inner', { value: `value ${index}` }),
  );
  expect(seen[1]?.params).toEqual({
    object: 'value 0',
    operationParams: { list: ['value 0', 'newref'] },
    sessionId: 's',
  });
  expect(result).toMatchObject({ sessionId: 's', value: [{ id: 0 }, { id: 1, result: { value: 'value 1' } }] });
});

it('stops after an error', () => {
  const { result, seen } = run([operation(0, {}), operation(1, {})], () => errorReply('inner', factoryNotFound('X')));
  expect(seen).toHaveLength(1);
  expect(result.value).toHaveLength(1);
});

it('refuses an index that is none, or that has no result', () => {
  const value = () => resultReply('inner', { value: 1 });
  expect(() => run([operation(0, { object: 'newref:x' })], value)).toThrow("Invalid index of newref 'x'");
  expect(() => run([operation(0, { object: 'newref:0' })], value)).toThrow('Result not found on request 0');
});
