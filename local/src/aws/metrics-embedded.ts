import * as v from 'valibot';

/** Samples of one metric with one set of dimensions. */
export interface Samples {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly values: readonly number[];
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const MetricDirective = v.object({
  Namespace: v.string(),
  Dimensions: v.array(v.array(v.string())),
  Metrics: v.pipe(v.array(v.object({ Name: v.string(), Unit: v.optional(v.string()) })), v.maxLength(100)),
});
const Embedded = v.looseObject({
  _aws: v.object({ Timestamp: v.number(), CloudWatchMetrics: v.array(MetricDirective) }),
});
const Values = v.union([v.number(), v.pipe(v.array(v.number()), v.maxLength(100))]);

/** What CloudWatch counts of a line that a function has printed. Of one that does not keep to the format, nothing. */
export function embeddedIn(line: string): Samples[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Embedded), line);
  if (!parsed.success) return [];
  const { _aws, ...members } = parsed.output;
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) => {
      const values = v.safeParse(Values, members[Name]);
      if (!values.success) return [];
      return Dimensions.map((keys) => ({
        namespace: Namespace,
        name: Name,
        dimensions: Object.fromEntries(keys.map((key) => [key, String(members[key])])),
        at: _aws.Timestamp,
        values: [values.output].flat(),
      }));
    }),
  );
}
