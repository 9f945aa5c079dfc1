import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { alarmTexts } from './alarm-texts.ts';
import { metricsOf } from './domain-metrics.ts';

export interface AlarmsProps {
  readonly settings: Pick<Settings, 'domain' | 'alarmEmail' | 'media' | 'mediaMinNodes'>;
  /** By their names in the code. */
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly table: Pick<ITable, 'metric'>;
  /** By what comes to lie in them. */
  readonly deadLetterQueues?: Readonly<Record<string, IQueue>>;
}

interface Raised {
  readonly metric: IMetric;
  readonly description: string;
  readonly threshold: number;
  /** Of so many periods, so many. */
  readonly periods?: number;
  readonly datapoints?: number;
  /** Raised below the threshold, and where nothing is heard at all. Default: raised from the threshold on. */
  readonly below?: boolean;
}

type Raise = (id: string, raised: Raised) => void;

const FIVE_MINUTES = { period: Duration.minutes(5) };

/** What somebody has to act upon, and nothing else. Who is to be told is told by mail. */
export function addAlarms(scope: Construct, props: AlarmsProps): void {
  const action = actionOf(scope, props.settings);
  const raise: Raise = (id, { metric, description, threshold, periods = 1, datapoints = periods, below = false }) => {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      metric,
      alarmDescription: description,
      threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: datapoints,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    if (action) alarm.addAlarmAction(action);
  };
  addJoinAlarms(raise, props);
  addNodeAlarms(raise, props);
  addFunctionAlarms(raise, props);
}

function addJoinAlarms(raise: Raise, { settings: { domain, media, mediaMinNodes } }: AlarmsProps): void {
  const metric = metricsOf(domain);
  // From zero a node takes about two minutes, and whoever waits asks again and again.
  const patience = media && mediaMinNodes === 0 ? 5 : 2;
  raise('JoinsWithoutNode', {
    metric: metric('WaitingJoins', 'Sum'),
    description: alarmTexts.JoinsWithoutNode,
    threshold: 1,
    periods: patience,
  });
  raise('JoinsRefused503', {
    metric: metric('JoinRefusals', 'Sum', { code: '503' }),
    description: alarmTexts.JoinsRefused503,
    threshold: 5,
    periods: 5,
    datapoints: 3,
  });
  raise('SlowJoins', {
    metric: metric('JoinTime', 'p99', FIVE_MINUTES),
    description: alarmTexts.SlowJoins,
    threshold: 2_000,
    periods: 3,
  });
}

function addNodeAlarms(raise: Raise, { settings: { domain, media, mediaMinNodes } }: AlarmsProps): void {
  const metric = metricsOf(domain);
  if (media && mediaMinNodes > 0) {
    const nodes = metric('Nodes', 'Maximum');
    // Longer than it takes to replace one. A first deployment raises it, until its first node is there.
    raise('NoNodes', { metric: nodes, description: alarmTexts.NoNodes, threshold: 1, periods: 10, below: true });
  }
  const load = metric('NodeLoad', 'Average', FIVE_MINUTES);
  raise('NodesFull', { metric: load, description: alarmTexts.NodesFull, threshold: 90, periods: 2 });
  const counted = (name: 'Transcodings' | 'AgentReconnects' | 'PostFailures', id: keyof Texts, threshold: number) =>
    raise(id, { metric: metric(name, 'Sum', FIVE_MINUTES), description: alarmTexts[id], threshold });
  counted('Transcodings', 'Transcoding', 1);
  counted('AgentReconnects', 'AgentReconnects', 5);
  counted('PostFailures', 'PostFailures', 10);
}

type Texts = Pick<typeof alarmTexts, 'Transcoding' | 'AgentReconnects' | 'PostFailures'>;

function addFunctionAlarms(raise: Raise, { settings, functions, table, deadLetterQueues = {} }: AlarmsProps): void {
  const errors = metricsOf(settings.domain)('Errors', 'Sum', FIVE_MINUTES);
  raise('Errors', { metric: errors, description: alarmTexts.Errors, threshold: 5 });
  for (const [name, each] of Object.entries(functions)) {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    const failed = each.metricErrors(FIVE_MINUTES);
    raise(`${id}Fails`, { metric: failed, description: alarmTexts.FunctionFails(name), threshold: 1 });
    const throttled = each.metricThrottles({ period: Duration.minutes(1) });
    raise(`${id}Throttled`, {
      metric: throttled,
      description: alarmTexts.FunctionThrottled(name),
      threshold: 1,
      periods: 3,
    });
  }
  const refused = table.metric('WriteThrottleEvents', { statistic: 'Sum', ...FIVE_MINUTES });
  raise('TableThrottled', { metric: refused, description: alarmTexts.TableThrottled, threshold: 10 });
  for (const [name, queue] of Object.entries(deadLetterQueues)) {
    const waiting = queue.metricApproximateNumberOfMessagesVisible({ ...FIVE_MINUTES, statistic: 'Maximum' });
    raise(`${name}DeadLetters`, { metric: waiting, description: alarmTexts.DeadLetters, threshold: 1 });
  }
}

function actionOf(scope: Construct, { alarmEmail }: AlarmsProps['settings']): SnsAction | undefined {
  if (alarmEmail === undefined) return undefined;
  // Not encrypted with AWS's own key, for which CloudWatch has no grant; there is nothing in an alarm that is secret.
  const topic = new Topic(scope, 'Alarms', { displayName: 'Hyperroom alarms', enforceSSL: true });
  // A policy takes the place of the one that let everything of the account publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  topic.addSubscription(new EmailSubscription(alarmEmail));
  return new SnsAction(topic);
}
