import * as v from 'valibot';
import { type OfType, shortName } from './identities.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmDefinition {
  /** See shortName. */
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodMs: number;
  readonly periods: number;
  readonly datapoints: number;
  readonly threshold: number;
  readonly comparison: keyof typeof COMPARISONS;
  readonly missing: 'missing' | 'breaching' | 'notBreaching' | 'ignore';
}

/** The values of a metric within a time. */
export type ValuesBetween = (from: number, to: number) => readonly number[];

const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
} as const;

const AlarmProperties = v.object({
  AlarmDescription: v.optional(v.string(), ''),
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []),
  Statistic: v.optional(v.string()),
  ExtendedStatistic: v.optional(v.string()),
  Period: v.number(),
  EvaluationPeriods: v.number(),
  DatapointsToAlarm: v.optional(v.number()),
  Threshold: v.number(),
  ComparisonOperator: v.picklist(Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[]),
  TreatMissingData: v.optional(v.picklist(['missing', 'breaching', 'notBreaching', 'ignore']), 'missing'),
});

/** The alarms upon one metric; those upon an expression are not evaluated here. */
export function readAlarms(ofType: OfType): AlarmDefinition[] {
  return ofType('AWS::CloudWatch::Alarm').flatMap(({ logicalId, properties }) => {
    const alarm = v.safeParse(AlarmProperties, properties);
    if (!alarm.success) return [];
    const { output } = alarm;
    return {
      name: shortName(logicalId),
      description: output.AlarmDescription,
      namespace: output.Namespace,
      metric: output.MetricName,
      dimensions: Object.fromEntries(output.Dimensions.map(({ Name, Value }) => [Name, Value])),
      statistic: output.Statistic ?? output.ExtendedStatistic ?? 'Average',
      periodMs: output.Period * 1_000,
      periods: output.EvaluationPeriods,
      datapoints: output.DatapointsToAlarm ?? output.EvaluationPeriods,
      threshold: output.Threshold,
      comparison: output.ComparisonOperator,
      missing: output.TreatMissingData,
    };
  });
}

/** As CloudWatch would find it, could it look at this very moment: there periods begin with the minute. */
export function stateOf(alarm: AlarmDefinition, valuesBetween: ValuesBetween, now: number): AlarmState {
  const breaches = Array.from({ length: alarm.periods }, (_, nth) => {
    const to = now - nth * alarm.periodMs;
    return isBreached(alarm, valuesBetween(to - alarm.periodMs, to));
  });
  if (breaches.filter((breached) => breached).length >= alarm.datapoints) return 'ALARM';
  return breaches.every((breached) => breached === undefined) ? 'INSUFFICIENT_DATA' : 'OK';
}

/** Undefined: nothing can be said. */
function isBreached(alarm: AlarmDefinition, values: readonly number[]): boolean | undefined {
  const value = statisticOf(alarm.statistic, values);
  if (value !== undefined) return COMPARISONS[alarm.comparison](value, alarm.threshold);
  if (alarm.missing === 'breaching') return true;
  return alarm.missing === 'notBreaching' ? false : undefined;
}

function statisticOf(statistic: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  if (statistic === 'Sum') return sum;
  if (statistic === 'Average') return sum / values.length;
  if (statistic === 'Maximum') return Math.max(...values);
  if (statistic === 'Minimum') return Math.min(...values);
  return percentile(values, Number(statistic.slice(1)));
}

export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}
