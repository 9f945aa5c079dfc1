import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** One line for each connection, message and disconnection. Never the query string: the token is there. */
const webSocketFields = {
  at: 'websocket',
  requestId: '$context.requestId',
  connectionId: '$context.connectionId',
  messageId: '$context.messageId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  event: '$context.eventType',
  status: '$context.status',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  functionError: '$context.integrationErrorMessage',
  functionMs: '$context.integrationLatency',
};

const httpFields = {
  at: 'http',
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  functionError: '$context.integrationErrorMessage',
  functionMs: '$context.integrationLatency',
};

const formats = { WebSocketAccess: webSocketFields, HttpAccess: httpFields };

export interface AccessLogOptions {
  readonly settings: Settings;
  readonly removalPolicy: RemovalPolicy;
}

/** What a stage needs to log who did what; nothing, where that is not wanted. */
export function accessLogs(
  scope: Construct,
  id: keyof typeof formats,
  { settings, removalPolicy }: AccessLogOptions,
): { readonly accessLogSettings?: IAccessLogSettings } {
  if (!settings.accessLogs) return {};
  const group = new LogGroup(scope, `${id}Logs`, { retention: settings.logRetentionDays, removalPolicy });
  return {
    accessLogSettings: {
      destination: new LogGroupLogDestination(group),
      format: AccessLogFormat.custom(JSON.stringify(formats[id])),
    },
  };
}

/**
 * WebSocket APIs may log only where API Gateway has a role to do so, and there is one for all APIs of an account in a
 * region. It outlives the stack: others may have come to rely on it.
 */
export function allowAccessLogs(scope: Construct): CfnAccount {
  const role = new Role(scope, 'ApiGatewayLogsRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason:
      'The policy that AWS has made for this purpose and prescribes: the role is for every API of the account in this region, and API Gateway names the log groups of other APIs itself.',
  });
  const account = new CfnAccount(scope, 'ApiGatewayAccount', { cloudWatchRoleArn: role.roleArn });
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
}
