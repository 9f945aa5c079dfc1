import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

const NAMESPACE = 'Hyperroom';

/** The metrics that the functions print: functions/src/metrics.ts says what each of them is. */
export type DomainMetricName =
  | 'Joins'
  | 'JoinRefusals'
  | 'JoinTime'
  | 'WaitingJoins'
  | 'Rooms'
  | 'Participants'
  | 'Endpoints'
  | 'NodeLoad'
  | 'Nodes'
  | 'PostFailures'
  | 'PostsGone'
  | 'AgentReconnects'
  | 'Transcodings'
  | 'RateLimited'
  | 'Errors';

/** What is counted is summed up; of a gauge it is the average that is the whole domain's. */
export type Statistic = 'Sum' | 'Average' | 'Maximum' | 'Minimum' | 'p50' | 'p99';

/** Gives the metrics of a domain. */
export function metricsOf(domain: string) {
  return (metricName: DomainMetricName, statistic: Statistic, options: MetricOptions & { code?: string } = {}) => {
    const { code, ...others } = options;
    return new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { Domain: domain, ...(code !== undefined && { Code: code }) },
      statistic,
      period: Duration.minutes(1),
      ...others,
    });
  };
}
