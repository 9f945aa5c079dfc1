import { ArnFormat, Aws, Stack, Validations } from 'aws-cdk-lib';
import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { ManagedPolicy, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { explainWildcard } from '../explain.ts';
import type { Settings } from '../settings.ts';
import { grantValue } from '../signalling/secrets.ts';
import type { SignallingStack } from '../signalling/signalling-stack.ts';
import { grantConnections } from '../signalling/websocket-api.ts';

/** What of the signalling stack a media host has to do with. */
export type Signalling = Pick<SignallingStack, 'stage' | 'nodeSecret' | 'turnSecret'>;

export interface HostRoleOptions {
  readonly settings: Settings;
  readonly signalling: Signalling;
  readonly asset: Asset;
  readonly logGroup: LogGroup;
}

/** What a media host may do: whoever takes it over may do it, too. */
export function createHostRole(scope: Construct, options: HostRoleOptions): Role {
  const { settings, signalling, asset, logGroup } = options;
  const role = new Role(scope, 'HostRole', {
    description: 'A media host of Hyperroom',
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
  const allow = (actions: string[], ...resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }));
  allow(['s3:GetObject'], asset.bucket.arnForObjects(asset.s3ObjectKey));
  grantValue(signalling.nodeSecret, role);
  if (signalling.turnSecret) grantValue(signalling.turnSecret, role);
  // It answers clients itself; with GET it sees at its start that it may.
  grantConnections(signalling.stage, role, ['GET', 'POST']);
  allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], logGroup.logGroupArn);
  allow(['cloudformation:SignalResource'], Aws.STACK_ID);
  if (settings.recordingsBucket !== undefined) {
    const recordings = `${arnOfBucket(scope, settings.recordingsBucket)}/*`;
    allow(['s3:PutObject'], recordings);
    explainWildcard(role, recordings, 'Recordings get names of their own. They can be put there, not read.');
  }
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    reason: 'What AWS prescribes for Session Manager, which takes the place of SSH.',
  });
  return role;
}

function arnOfBucket(scope: Construct, name: string): string {
  const format = { region: '', account: '', arnFormat: ArnFormat.NO_RESOURCE_NAME };
  return Stack.of(scope).formatArn({ service: 's3', resource: name, ...format });
}

/**
 * Telling the group that a host serves, is still draining, or may go. A policy of its own: the group needs the role, and
 * this policy the group.
 */
export function grantLifecycle(role: Role, group: AutoScalingGroup): void {
  const arn = Stack.of(group).formatArn({
    service: 'autoscaling',
    resource: 'autoScalingGroup',
    resourceName: `*:autoScalingGroupName/${group.autoScalingGroupName}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const actions = ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'];
  const policy = new Policy(group, 'LifecyclePolicy', {
    statements: [new PolicyStatement({ actions, resources: [arn] })],
  });
  policy.attachToRole(role);
  explainWildcard(
    policy,
    arn,
    'CloudFormation does not know the UUID that the ARN of a group has in it; its name is unique.',
  );
}
