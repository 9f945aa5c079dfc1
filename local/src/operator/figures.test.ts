import { expect, test } from 'vitest';
import { Meter, type Metrics } from '../aws/metrics.ts';
import { joinCost } from './price.ts';
import { prometheusText } from './prometheus.ts';
import { readingOf } from './reading.ts';

const series = (name: string, values: number[], more: Record<string, string> = {}) => ({
  namespace: 'Hyperroom',
  name,
  dimensions: { Domain: 'd "quoted" \\', ...more },
  count: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  last: values.at(-1) ?? 0,
  recent: values,
});

function measured(): Metrics {
  const meter = new Meter();
  meter.messageUp('c', 100);
  meter.messageDown('c', 70_000);
  meter.begin({ function: 'message', connectionId: 'c', routeKey: '$default' }).end();
  return {
    ...meter.snapshot(),
    openConnections: ['c'],
    items: 0,
    series: [
      series('Joins', [1, 1]),
      series('JoinRefusals', [1]),
      series('JoinRefusals', [1], { Code: '503' }),
      series('JoinTime', [40, 60, 900]),
      series('Rooms', [1, 3]),
    ],
    alarms: [{ name: 'slowJoins', description: 'look', state: 'ALARM' } as Metrics['alarms'][number]],
  };
}

/** By the grammar of the text format, to the letter. */
function parsePrometheus(text: string): { types: Map<string, string>; samples: Map<string, number> } {
  const [types, samples] = [new Map<string, string>(), new Map<string, number>()];
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram|untyped)$/.exec(line);
    if (type?.[1] && type[2]) types.set(type[1], type[2]);
    if (type || /^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* [^\n]*$/.test(line)) continue;
    const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
    const sample = new RegExp(
      `^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{${label}(?:,${label})*\\})?) (NaN|[-+]?[0-9.e+-]+)$`,
    ).exec(line);
    expect(sample, line).not.toBeNull();
    expect(samples.has(String(sample?.[1])), `twice: ${line}`).toBe(false);
    samples.set(String(sample?.[1]), Number(sample?.[2]));
  }
  for (const name of samples.keys()) {
    const family = name.replace(/\{.*/s, '').replace(/_(sum|count)$/, '');
    expect([...types.keys()], name).toContain(family);
  }
  return { types, samples };
}

test('Prometheus can read all of it', () => {
  const { types, samples } = parsePrometheus(prometheusText(measured()));
  const domain = 'domain="d \\"quoted\\" \\\\"';
  expect(samples.get(`hyperroom_joins_total{${domain}}`)).toBe(2);
  expect(samples.get(`hyperroom_join_refusals_total{${domain},code="503"}`)).toBe(1);
  expect(samples.get(`hyperroom_join_time_milliseconds{${domain},quantile="0.99"}`)).toBe(900);
  expect(samples.get(`hyperroom_join_time_milliseconds_count{${domain}}`)).toBe(3);
  expect(samples.get(`hyperroom_rooms{${domain}}`)).toBe(3);
  expect(samples.get('hyperroom_invocations_total{function="message"}')).toBe(1);
  expect(samples.get('hyperroom_alarm{name="slowJoins"}')).toBe(1);
  expect(types.get('hyperroom_join_time_milliseconds')).toBe('summary');
});

test('a reading is how things stand, refusals counted once', () => {
  expect(readingOf(measured(), 5)).toMatchObject({
    at: 5,
    joins: 2,
    refusals: 1,
    rooms: 3,
    joinTimeP50: 60,
    joinTimeP99: 900,
    connections: 1,
    invocations: 1,
    // One message up; the one down is three of 32 KB.
    dollars: expect.closeTo(4 * 1.0e-6 + 0.2e-6, 9),
    dollarsPerMillionJoins: expect.closeTo(2.1, 6),
  });
});

test('what one request takes is priced by what passes, messages by 32 KiB', () => {
  const cost = joinCost([
    { kind: 'up', at: 0, connectionId: 'c', body: 'x'.repeat(40_000) },
    {
      kind: 'table',
      at: 0,
      ms: 1,
      operation: 'UpdateItem',
      input: {},
      output: {},
      error: undefined,
      invocation: undefined,
    },
    {
      kind: 'table',
      at: 0,
      ms: 1,
      operation: 'GetItem',
      input: {},
      output: {},
      error: undefined,
      invocation: undefined,
    },
  ]);
  expect(cost).toEqual({ messages: 2, invocations: 0, reads: 1, writes: 1, perMillion: 2.75 });
});
