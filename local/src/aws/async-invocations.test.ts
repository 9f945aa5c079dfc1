import { expect, test, vi } from 'vitest';
import { AsyncInvocations } from './async-invocations.ts';
import { ManualClock } from './clock.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import type { InvocationOutcome } from './sandbox.ts';

const target = { name: 'webhook', asyncRetries: 2 } as FunctionDefinition;
const cause = { routeKey: 'room.started' };
const failure: InvocationOutcome = { ok: false, errorType: 'Error', errorMessage: 'not now' };
const minute = 60_000;

function start(...outcomes: InvocationOutcome[]) {
  const clock = new ManualClock();
  const invoked: number[] = [];
  const log: string[] = [];
  const began = clock.now();
  const invocations = new AsyncInvocations({
    invoke: async () => {
      invoked.push((clock.now() - began) / minute);
      return outcomes.shift() ?? failure;
    },
    clock,
    retryMs: minute,
    log: (name, line) => log.push(`${name}: ${line}`),
  });
  invocations.send(target, { detail: {} }, cause);
  // The outcome of an invocation is known some turns of the event loop later.
  const advance = async (minutes: number) => {
    await new Promise(setImmediate);
    clock.advance(minutes * minute);
    await new Promise(setImmediate);
  };
  return { invocations, invoked, log, advance };
}

test('what succeeds is done', async () => {
  const { invoked, advance } = start({ ok: true, value: null });
  await advance(10);
  expect(invoked).toEqual([0]);
});

test('what fails is tried again after one minute, and after two more', async () => {
  const { invoked, log, advance } = start(failure, failure, { ok: true, value: null });
  for (let passed = 0; passed < 10; passed += 1) await advance(1);
  expect(invoked).toEqual([0, 1, 3]);
  expect(log).toEqual([]);
});

test('what fails thrice is given up, and that is told', async () => {
  const { invoked, log, advance } = start();
  for (let passed = 0; passed < 10; passed += 1) await advance(1);
  expect(invoked).toEqual([0, 1, 3]);
  expect(log).toEqual(['webhook: room.started is given up after 3 attempts']);
});

test('nothing is tried after the end', async () => {
  const { invocations, invoked, advance } = start();
  await vi.waitFor(() => expect(invoked).toEqual([0]));
  await new Promise(setImmediate);
  invocations.close();
  await advance(10);
  expect(invoked).toEqual([0]);
});
