import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../functions/src/metrics.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { addAlarms, addDashboard, addMediaDashboard } from './index.ts';

/** All that is watched is somebody else's: only its name matters here. */
function watched(given: Partial<Settings> = {}): Stack {
  const settings = { ...defaultSettings, domain: 'example.org', ...given };
  const others = new Stack(new App(), 'Others');
  const stack = new Stack(others, 'Operations');
  const message = new LambdaFunction(others, 'Message', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
  });
  const table = new Table(others, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  addAlarms(stack, { settings, functions: { message }, table, deadLetterQueues: { Webhook: new Queue(others, 'Q') } });
  const [webSocketApi, httpApi] = [new WebSocketApi(others, 'Sockets'), new HttpApi(others, 'Http')];
  addDashboard(stack, { settings, functions: { message }, table, webSocketApi, stageName: 'live', httpApi });
  return stack;
}

const alarmsOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));

describe('operations', { timeout: 30_000 }, () => {
  test('every alarm says what to do', () => {
    const alarms = alarmsOf(watched());
    expect(alarms.length).toBeGreaterThan(10);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmDescription.length).toBeGreaterThan(80);
      expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  test('alarms look at metrics that there are, in the unit of their threshold', () => {
    const names = alarmsOf(watched())
      .filter(({ Properties }) => Properties.Namespace === 'Hyperroom')
      .map(({ Properties }) => Properties.MetricName);
    expect(names.filter((name) => !(name in METRICS))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['WaitingJoins', 'JoinRefusals', 'NodeLoad', 'Transcodings']));
  });

  test('what is not heard of is no reason for alarm, but for the nodes', () => {
    const alarms = alarmsOf(watched());
    const missing = alarms.filter(({ Properties }) => Properties.TreatMissingData === 'breaching');
    expect(missing.map(({ Properties }) => Properties.MetricName)).toEqual(['Nodes']);
  });

  test('without a node that there is always, none is missed, and joins wait longer', () => {
    const alarms = alarmsOf(watched({ mediaMinNodes: 0 }));
    expect(alarms.filter(({ Properties }) => Properties.MetricName === 'Nodes')).toEqual([]);
    const waiting = alarms.find(({ Properties }) => Properties.MetricName === 'WaitingJoins');
    expect(waiting?.Properties).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 5 });
  });

  test('who is to be told is told, and CloudWatch may do it', () => {
    const template = Template.fromStack(watched({ alarmEmail: 'ops@example.org' }));
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.org' });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.anyValue() }] });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
        ]),
      },
    });
  });

  test('with nobody to be told there is no topic', () => {
    Template.fromStack(watched()).resourceCountIs('AWS::SNS::Topic', 0);
  });

  test('the hosts of media nodes have a dashboard of their own', () => {
    const stack = new Stack(new App(), 'Media');
    const group = AutoScalingGroup.fromAutoScalingGroupName(stack, 'Group', 'nodes');
    addMediaDashboard(stack, { settings: defaultSettings, group });
    const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
    expect(JSON.stringify(dashboard)).toContain('GroupInServiceInstances');
  });
});
