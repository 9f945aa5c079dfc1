import { Duration } from 'aws-cdk-lib';
import type { IHttpApi, IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib/core';
import type { Settings } from '../settings.ts';
import { metricsOf } from './domain-metrics.ts';

export interface DashboardProps {
  readonly settings: Pick<Settings, 'domain'>;
  /** By their names in the code. */
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly table: Pick<ITable, 'metric'>;
  readonly webSocketApi: Pick<IWebSocketApi, 'apiId'>;
  readonly stageName: string;
  readonly httpApi: Pick<IHttpApi, 'apiId'>;
}

const MINUTE = Duration.minutes(1);

/** How calls fare, and all that serves them. */
export function addDashboard(stack: Stack, props: DashboardProps): Dashboard {
  return new Dashboard(stack, 'Dashboard', {
    dashboardName: stack.stackName,
    defaultInterval: Duration.hours(3),
    widgets: [overview(props), joins(props), media(props), gateway(props), functions(props), below(props)],
  });
}

/** The hosts of the media nodes. The group has to collect its metrics. */
export function addMediaDashboard(
  stack: Stack,
  { settings, group }: Pick<DashboardProps, 'settings'> & { readonly group: IAutoScalingGroup },
): Dashboard {
  const ofGroup = (namespace: string, metricName: string, statistic: string, label: string) =>
    new Metric({
      namespace,
      metricName,
      dimensionsMap: { AutoScalingGroupName: group.autoScalingGroupName },
      statistic,
      period: MINUTE,
      label,
    });
  const count = (name: string, label: string) => ofGroup('AWS/AutoScaling', `Group${name}`, 'Maximum', label);
  const metric = metricsOf(settings.domain);
  return new Dashboard(stack, 'Dashboard', {
    dashboardName: stack.stackName,
    defaultInterval: Duration.hours(3),
    widgets: [
      [
        graph('Instances', [
          count('InServiceInstances', 'in service'),
          count('DesiredCapacity', 'desired'),
          count('PendingInstances', 'starting'),
          count('TerminatingInstances', 'draining, terminating'),
          metric('Nodes', 'Maximum', { label: 'nodes that take rooms' }),
        ]),
        graph('Load', [
          metric('NodeLoad', 'Average', { label: 'endpoints, % of capacity' }),
          ofGroup('AWS/EC2', 'CPUUtilization', 'Average', 'CPU %'),
          ofGroup('AWS/EC2', 'CPUUtilization', 'Maximum', 'CPU % of the busiest'),
        ]),
        graph('Network, bytes a minute', [
          ofGroup('AWS/EC2', 'NetworkIn', 'Sum', 'in'),
          ofGroup('AWS/EC2', 'NetworkOut', 'Sum', 'out'),
        ]),
      ],
    ],
  });
}

function overview({ settings }: DashboardProps): IWidget[] {
  const metric = metricsOf(settings.domain);
  const now = (title: string, shown: IMetric) =>
    new SingleValueWidget({ title, metrics: [shown], width: 4, height: 3, setPeriodToTimeRange: false });
  return [
    now('Rooms', metric('Rooms', 'Average')),
    now('Participants', metric('Participants', 'Average')),
    now('Media nodes', metric('Nodes', 'Maximum')),
    now('Node load, %', metric('NodeLoad', 'Average')),
    now('Joins a minute', metric('Joins', 'Sum')),
    now('Join time, p99', metric('JoinTime', 'p99')),
  ];
}

function joins({ settings }: DashboardProps): IWidget[] {
  const metric = metricsOf(settings.domain);
  const byCode = ['401', '403', '404', '409', '423', '429', '486', '488', '500', '503'].map((code) =>
    metric('JoinRefusals', 'Sum', { code, label: code }),
  );
  return [
    graph('Joins a minute', [
      metric('Joins', 'Sum', { label: 'let in' }),
      metric('JoinRefusals', 'Sum', { label: 'refused' }),
      metric('WaitingJoins', 'Sum', { label: 'waiting for a node' }),
    ]),
    graph('Refused joins by code', byCode),
    graph('Join time, ms from the gateway to its having the answer', [
      metric('JoinTime', 'p50', { label: 'p50' }),
      metric('JoinTime', 'p99', { label: 'p99' }),
    ]),
  ];
}

function media({ settings }: DashboardProps): IWidget[] {
  const metric = metricsOf(settings.domain);
  return [
    graph('In calls', [
      metric('Rooms', 'Average', { label: 'rooms' }),
      metric('Participants', 'Average', { label: 'participants' }),
      metric('Endpoints', 'Average', { label: 'endpoints' }),
    ]),
    graph('Media nodes', [metric('Nodes', 'Maximum', { label: 'nodes' })], {
      right: [metric('NodeLoad', 'Average', { label: 'load, %' })],
    }),
    graph('What should not happen', [
      metric('Errors', 'Sum', { label: 'errors in logs' }),
      metric('PostFailures', 'Sum', { label: 'posts failed' }),
      metric('PostsGone', 'Sum', { label: 'posts to who was gone (410)' }),
      metric('AgentReconnects', 'Sum', { label: 'agents reconnected' }),
      metric('Transcodings', 'Sum', { label: 'transcodings' }),
      metric('RateLimited', 'Sum', { label: 'rate limited' }),
    ]),
  ];
}

function gateway({ webSocketApi, stageName, httpApi }: DashboardProps): IWidget[] {
  const ofWebSockets = (metricName: string, label: string, statistic = 'Sum') =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: webSocketApi.apiId, Stage: stageName },
      statistic,
      period: MINUTE,
      label,
    });
  const ofHttp = (metricName: string, label: string) =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: httpApi.apiId },
      statistic: 'Sum',
      period: MINUTE,
      label,
    });
  return [
    graph('WebSocket API', [ofWebSockets('MessageCount', 'messages'), ofWebSockets('ConnectCount', 'connects')]),
    graph('WebSocket API, errors', [
      ofWebSockets('ClientError', '4xx'),
      ofWebSockets('ExecutionError', '5xx'),
      ofWebSockets('IntegrationError', 'integration'),
    ]),
    graph('HTTP API', [ofHttp('Count', 'requests'), ofHttp('4xx', '4xx'), ofHttp('5xx', '5xx')]),
  ];
}

function functions({ functions }: DashboardProps): IWidget[] {
  const all = Object.entries(functions);
  const durations = all.map(([name, each]) => each.metricDuration({ statistic: 'p99', period: MINUTE, label: name }));
  const concurrency = all.map(([name, each]) =>
    each.metric('ConcurrentExecutions', { statistic: 'Maximum', period: MINUTE, label: name }),
  );
  const failures = all.flatMap(([name, each]) => [
    each.metricErrors({ period: MINUTE, label: `${name} fails` }),
    each.metricThrottles({ period: MINUTE, label: `${name} throttled` }),
  ]);
  return [
    graph('Functions, duration p99, ms', durations),
    graph('Functions, concurrency', concurrency),
    graph('Functions, errors and throttles', failures),
  ];
}

function below({ table }: DashboardProps): IWidget[] {
  const ofTable = (name: string, label: string) => table.metric(name, { statistic: 'Sum', period: MINUTE, label });
  return [
    graph('Table, units a minute', [
      ofTable('ConsumedReadCapacityUnits', 'read'),
      ofTable('ConsumedWriteCapacityUnits', 'written'),
    ]),
    graph('Table, throttled', [ofTable('ReadThrottleEvents', 'reads'), ofTable('WriteThrottleEvents', 'writes')]),
  ];
}

function graph(title: string, left: IMetric[], { right = [] }: { right?: IMetric[] } = {}): GraphWidget {
  return new GraphWidget({ title, left, right, width: 8, height: 6, leftYAxis: { min: 0 }, rightYAxis: { min: 0 } });
}
