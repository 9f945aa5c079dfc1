import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { type AlarmDefinition, percentile } from './metrics-alarms.ts';
import { CloudWatch } from './metrics-cloudwatch.ts';

const MINUTE = 60_000;
const ALARM: AlarmDefinition = {
  name: 'refused',
  description: 'do something',
  namespace: 'Hyperroom',
  metric: 'JoinRefusals',
  dimensions: { Domain: 'd', Code: '503' },
  statistic: 'Sum',
  periodMs: MINUTE,
  periods: 3,
  datapoints: 2,
  threshold: 5,
  comparison: 'GreaterThanOrEqualToThreshold',
  missing: 'notBreaching',
};

function watched(alarm: Partial<AlarmDefinition> = {}) {
  const clock = new ManualClock(1_700_000_000_000);
  const cloudWatch = new CloudWatch([{ ...ALARM, ...alarm }], clock);
  const print = (members: object, Metrics: object[], Dimensions: string[][]) => {
    const CloudWatchMetrics = [{ Namespace: 'Hyperroom', Dimensions, Metrics }];
    cloudWatch.takeLine(JSON.stringify({ ...members, _aws: { Timestamp: clock.now(), CloudWatchMetrics } }));
  };
  const refuse = (count: number) =>
    print(
      { Domain: 'd', Code: '503', JoinRefusals: count },
      [{ Name: 'JoinRefusals' }],
      [['Domain'], ['Domain', 'Code']],
    );
  return { clock, cloudWatch, print, refuse, state: () => cloudWatch.alarms[0]?.state };
}

test('a line is counted for each of its sets of dimensions, with all values of an array', () => {
  const { cloudWatch, print, refuse } = watched();
  refuse(2);
  print({ Domain: 'd', JoinTime: [10, 30] }, [{ Name: 'JoinTime', Unit: 'Milliseconds' }], [['Domain']]);
  expect(cloudWatch.series).toMatchObject([
    { name: 'JoinRefusals', dimensions: { Domain: 'd' }, sum: 2 },
    { name: 'JoinRefusals', dimensions: { Domain: 'd', Code: '503' }, sum: 2 },
    { name: 'JoinTime', count: 2, sum: 40, last: 30, recent: [10, 30] },
  ]);
});

test.each([
  ['is none', 'START RequestId: 1'],
  ['is no JSON', '{"_aws":'],
  [
    'lacks what it names',
    '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[[]],"Metrics":[{"Name":"x"}]}]}}',
  ],
  [
    'has a text for a value',
    '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[[]],"Metrics":[{"Name":"x"}]}]},"x":"1"}',
  ],
])('a line that %s is not counted', (_, line) => {
  const { cloudWatch } = watched();
  cloudWatch.takeLine(line);
  expect(cloudWatch.series).toEqual([]);
});

test('an alarm is raised by as many periods as it takes, and passes with them', () => {
  const { clock, refuse, state } = watched();
  expect(state()).toBe('OK');
  refuse(4);
  refuse(1);
  expect(state()).toBe('OK');
  clock.advance(MINUTE);
  refuse(5);
  expect(state()).toBe('ALARM');
  clock.advance(2 * MINUTE);
  expect(state()).toBe('OK');
});

test('silence is what the alarm takes it for', () => {
  const below = { comparison: 'LessThanThreshold', statistic: 'Maximum' } as const;
  expect(watched({ ...below, missing: 'breaching' }).state()).toBe('ALARM');
  expect(watched({ ...below, missing: 'missing' }).state()).toBe('INSUFFICIENT_DATA');
  const { refuse, state } = watched({ ...below, missing: 'breaching', periods: 1, datapoints: 1 });
  refuse(5);
  expect(state()).toBe('OK');
});

test('percentiles are of the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => n + 1);
  expect([percentile(hundred, 50), percentile(hundred, 99), percentile([7], 99), percentile([], 50)]).toEqual([
    50,
    99,
    7,
    undefined,
  ]);
});
