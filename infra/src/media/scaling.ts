import { Duration } from 'aws-cdk-lib';
import { AdjustmentType, type AutoScalingGroup, StepScalingAction } from 'aws-cdk-lib/aws-autoscaling';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AutoScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { metricsOf } from '../operations/domain-metrics.ts';
import type { Settings } from '../settings.ts';

/** Percent of what the nodes carry, on average: the rest is for who comes while another host starts. */
const TARGET_LOAD = 60;
/** From the launch until a host has registered; joins that wait meanwhile start no second one. */
const WARMUP = Duration.minutes(3);

/** Hosts follow the load; and where joins find no place, even with no host at all, one more is started at once. */
export function scaleWithLoad(group: AutoScalingGroup, { domain }: Settings): void {
  const metric = metricsOf(domain);
  group.scaleToTrackMetric('Load', {
    metric: metric('NodeLoad', 'Average'),
    targetValue: TARGET_LOAD,
    estimatedInstanceWarmup: WARMUP,
  });
  const oneMore = new StepScalingAction(group, 'OneMore', {
    autoScalingGroup: group,
    adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
    estimatedInstanceWarmup: WARMUP,
  });
  oneMore.addAdjustment({ adjustment: 1, lowerBound: 0 });
  new Alarm(group, 'JoinsWaiting', {
    alarmDescription: 'Joins wait for a media node: starts one. Nobody has to act.',
    // High resolution: a caller waits while it passes.
    metric: metric('WaitingJoins', 'Sum', { period: Duration.seconds(10) }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new AutoScalingAction(oneMore));
}
