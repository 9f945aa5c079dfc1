import { domainAddresses, type Message, refusal, response } from '@hyperroom/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inCourseOf } from '../log.ts';
import { observer } from './observer.ts';
import { anonymousContext, sessionOf } from './session.ts';

const addresses = domainAddresses('example.test');
const session = sessionOf({ connectionId: 'socket', connectedAt: 0 }, anonymousContext('example.test', 'socket'));
const turn = { session, received: 1_000, messages: [], registered: new Set<string>(), replies: [] };
const join: Message = {
  id: 7,
  type: 'create',
  from: addresses.hyperty('alice'),
  to: addresses.conference,
  body: { resource: addresses.room('r1'), identity: { name: 'Alice Liddell' } },
};

const lines: string[] = [];
const record = vi.fn();
const observe = observer({ addresses, metrics: { record }, clock: () => 1_040 });

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  record.mockClear();
  lines.length = 0;
});

test('what carries a trace is logged, with the course it is in', () => {
  const traced = { ...join, trace: 'alice-7' };
  inCourseOf({ requestId: 'r', connectionId: 'socket', message: 7, trace: 'alice-7' }, () =>
    observe(traced, turn, undefined),
  );
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'info',
      requestId: 'r',
      connectionId: 'socket',
      message: 7,
      trace: 'alice-7',
      at: 'message',
      type: 'create',
      room: addresses.room('r1'),
      handedOn: true,
      ms: 40,
    },
  ]);
});

test('what carries none is not', () => {
  observe(join, turn, response(join, 200));
  expect(lines).toEqual([]);
});

test('what a client calls a room is logged only if it is one', () => {
  const other = { ...join, trace: 't', body: { resource: 'Alice Liddell' } };
  observe(other, turn, refusal(other, 404, 'no such room as Alice Liddell'));
  observe({ ...other, body: { resource: addresses.room('r'.repeat(1_000)) } }, turn, undefined);
  for (const line of lines) expect(JSON.parse(line)).not.toHaveProperty('room');
  expect(lines.join()).not.toContain('Liddell');
});

test('joins that are refused are counted by their code; others, and other refusals, are not', () => {
  observe(join, turn, refusal(join, 423, 'locked'));
  observe(join, turn, response(join, 202, { waiting: true }));
  observe(join, turn, undefined);
  observe(join, turn, refusal(join, 503, 'a node is starting', { starting: true }));
  observe({ ...join, type: 'update' }, turn, refusal(join, 403, 'not allowed'));
  expect(record.mock.calls).toEqual([[{ JoinRefusals: 1 }, '423']]);
});
