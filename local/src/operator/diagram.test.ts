import { expect, test } from 'vitest';
import { joinDiagram, milliseconds } from './diagram.ts';
import type { Hop, Recording } from './recording.ts';

const hop = (at: number, from: Hop['from'], to: Hop['to'], label: string, more: Partial<Hop> = {}): Hop => ({
  kind: 'frame',
  failed: false,
  count: 1,
  content: {},
  at,
  from,
  to,
  label,
  ...more,
});
const recording: Recording = {
  trace: 'ada-1',
  kind: 'join',
  room: 'a & b',
  participant: 'ada',
  name: 'Ada <script>',
  began: '2026-01-01T00:00:00.000Z',
  asked: 5,
  answered: 47,
  code: 200,
  cost: { messages: 3, invocations: 3, reads: 0, writes: 2, perMillion: 4.85 },
  logs: [],
  hops: [
    hop(0, 'browser', 'gateway', 'opens a WebSocket'),
    hop(5, 'browser', 'gateway', 'register + join'),
    hop(6, 'gateway', 'function', 'message', { kind: 'invocation', ms: 20 }),
    hop(8, 'function', 'table', 'UpdateItem room', { kind: 'table', ms: 3, outcome: 'condition failed', failed: true }),
    hop(12, 'function', 'agent', 'post: join', { kind: 'post' }),
    hop(15, 'agent', 'kurento', 'processOffer', { kind: 'call', ms: 9 }),
    hop(45, 'agent', 'browser', 'post: answer 200', { kind: 'post', ms: 2 }),
    hop(80, 'agent', 'gateway', 'report: media connected'),
  ],
};
const svg = joinDiagram(recording);

test('every hop is an arrow, in order of time, under the phase it belongs to', () => {
  const told = [...svg.matchAll(/class="phase"[^>]*>([^<]*)<|data-hop="(\d)"/g)].map(
    ([, phase, index]) => phase ?? index,
  );
  // Bands lie under the arrows, so they come first.
  expect(told.slice(0, 5).map((phase) => String(phase).split(/[ :,.]/)[0])).toEqual([
    'A',
    'One',
    'The',
    'One',
    'Media',
  ]);
  expect(told.slice(5)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('only who takes part has a lane, and what somebody has typed is text', () => {
  const names = [...svg.matchAll(/class="party-name"[^>]*>([^<]*)</g)].map(([, name]) => name);
  expect(names).toEqual(['browser', 'API Gateway', 'functions', 'DynamoDB', 'media agent', 'Kurento']);
  expect(svg).toContain('Ada &lt;script&gt; joins “a &amp; b”: 200 after 42.0 ms');
  expect(svg).not.toContain('<script');
});

test('what failed is seen, and a file of its own needs nothing else', () => {
  expect(svg).toMatch(/class="hop table failed" data-hop="3"/);
  expect(svg).toContain('condition failed · 3.0 ms');
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toMatch(/href|url\(/);
});

test.each([
  [0.418, '0.42 ms'],
  [7.31, '7.3 ms'],
  [412.4, '412 ms'],
  [3100, '3.10 s'],
])('%d is %s', (ms, text) => {
  expect(milliseconds(ms)).toBe(text);
});
