import { expect, test } from 'vitest';
import type { Sight } from '../sights.ts';
import { pulsesOf } from './pulses.ts';
import { Recorder } from './recorder.ts';

const line = (text: string): Sight => ({ kind: 'line', at: 0, line: text });
const up = (at: number, trace: string, connectionId = 'c1'): Sight => ({
  kind: 'up',
  at,
  connectionId,
  body: JSON.stringify({
    id: `id-${trace}`,
    type: 'create',
    from: 'hyperty://localhost/ada',
    to: 'hyperty://localhost/conference',
    body: { resource: 'comm://localhost/lab', identity: { name: 'Ada' } },
    trace,
  }),
});
const answered = (at: number, trace: string, connectionId = 'c1'): Sight => ({
  kind: 'down',
  at,
  ms: 2,
  connectionId,
  status: 200,
  invocation: undefined,
  body: Buffer.from(JSON.stringify([{ id: `id-${trace}`, type: 'response', from: 'x', to: 'y', body: { code: 200 } }])),
});

test('requests are listed newest first, with the answer once there is one', () => {
  const recorder = new Recorder();
  recorder.witness(up(10, 'ada-1'));
  expect(recorder.requests()).toMatchObject([
    { trace: 'ada-1', kind: 'join', room: 'lab', name: 'Ada', participant: 'ada' },
  ]);
  expect(recorder.requests()[0]).not.toHaveProperty('code');
  recorder.witness(up(11, 'ada-2', 'c2'));
  recorder.witness(answered(15, 'ada-1'));
  recorder.witness(answered(16, 'ada-2', 'somebody else'));
  expect(recorder.requests().map(({ trace, code, ms }) => [trace, code, ms])).toEqual([
    ['ada-2', undefined, undefined],
    ['ada-1', 200, 7],
  ]);
});

test('a request that is repeated on another socket is one, and its answer may come there', () => {
  const recorder = new Recorder();
  recorder.witness(up(10, 'ada-1'));
  recorder.witness(up(20, 'ada-1', 'c2'));
  recorder.witness(answered(30, 'ada-1', 'c2'));
  expect(recorder.requests().map(({ trace, ms }) => [trace, ms])).toEqual([['ada-1', 22]]);
});

test('memory is bounded, by number and by size, and what is forgotten is listed no more', () => {
  const few = new Recorder({ sights: 16 });
  few.witness(up(1, 'ada-1'));
  expect(few.requests()).toHaveLength(1);
  const before = few.now;
  for (let n = 0; n < 100; n += 1) few.witness(line(`${n}`));
  expect(few.since(0).length).toBeLessThanOrEqual(16);
  expect(few.now - before).toBe(100);
  expect(few.since(few.now - 1)).toEqual([line('99')]);
  expect(few.requests()).toEqual([]);

  const small = new Recorder({ bytes: 10_000 });
  for (let n = 0; n < 100; n += 1) small.witness(line('x'.repeat(1_000)));
  expect(small.since(0).length).toBeLessThanOrEqual(10);
});

test('what passes is told by the lines it passes along', () => {
  const heartbeat = { ...up(1, 'x'), connectionId: 'agent' } as Sight;
  expect(
    pulsesOf([heartbeat, up(2, 'ada-1'), up(3, 'ada-2'), answered(4, 'ada-1'), line('no')], new Set(['agent'])),
  ).toEqual({
    'agent-gateway': 1,
    'browser-gateway': 2,
    'gateway-browser': 1,
  });
});
