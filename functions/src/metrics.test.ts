import { expect, test } from 'vitest';
import { embeddedMetrics } from './metrics.ts';

function printed(act: (metrics: ReturnType<typeof embeddedMetrics>) => void): unknown[] {
  const lines: string[] = [];
  act(
    embeddedMetrics(
      'example.com',
      () => 1_700_000_000_000,
      (line) => lines.push(line),
    ),
  );
  return lines.map((line) => JSON.parse(line));
}

test('a metric is a line in the embedded metric format', () => {
  expect(printed((metrics) => metrics.record({ Joins: 1, JoinTime: [12.5, 30] }))).toEqual([
    {
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'Hyperroom',
            Dimensions: [['Domain']],
            Metrics: [
              { Name: 'Joins', Unit: 'Count' },
              { Name: 'JoinTime', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Domain: 'example.com',
      Joins: 1,
      JoinTime: [12.5, 30],
    },
  ]);
});

test('what has a code is counted by it, and without it', () => {
  const [line] = printed((metrics) => metrics.record({ JoinRefusals: 1 }, '503'));
  expect(line).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [['Domain'], ['Domain', 'Code']] }] },
    Code: '503',
    JoinRefusals: 1,
  });
});

test('a gauge of zero is printed, and no samples are not', () => {
  expect(printed((metrics) => metrics.record({ Rooms: 0 }))).toMatchObject([{ Rooms: 0 }]);
  expect(printed((metrics) => metrics.record({ JoinTime: [] }))).toEqual([]);
});

test('that somebody waits is seen within seconds', () => {
  expect(printed((metrics) => metrics.record({ WaitingJoins: 1 }))).toMatchObject([
    { _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'WaitingJoins', StorageResolution: 1 }] }] } },
  ]);
});
