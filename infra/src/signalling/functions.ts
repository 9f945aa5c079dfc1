import { join } from 'node:path';
import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { FunctionName } from './bundle-functions.ts';

interface FunctionSize {
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly reservedConcurrentExecutions?: number;
}

/*
 * Memory buys CPU: the SDK's import dominates a cold start. The gateway gives up on any integration after 29 s.
 *
 * Concurrency is reserved where a function could take it from the others: webhook alone is not throttled by a gateway, and
 * its receiver may take ten seconds for each event. Reserving for the others would protect nothing (the stages throttle
 * them), cap a call's signalling, and fail in every account that AWS has not given more than 100 yet.
 */
const sizes: Readonly<Record<FunctionName, FunctionSize>> = {
  admit: { memorySize: 256, timeout: Duration.seconds(5) },
  api: { memorySize: 512, timeout: Duration.seconds(15) },
  authorizer: { memorySize: 256, timeout: Duration.seconds(5) },
  connect: { memorySize: 128, timeout: Duration.seconds(5) },
  disconnect: { memorySize: 256, timeout: Duration.seconds(15) },
  message: { memorySize: 512, timeout: Duration.seconds(15) },
  webhook: { memorySize: 256, timeout: Duration.seconds(15), reservedConcurrentExecutions: 20 },
};

export interface FunctionOptions {
  readonly settings: Settings;
  readonly functionsFolder: string;
  readonly removalPolicy: RemovalPolicy;
}

/** It has a role of its own, for what it may do. */
export type RoledFunction = LambdaFunction & { readonly role: IRole };

/** A function with a log group and a role of its own, which may do nothing yet but log. */
export function createFunction(scope: Construct, name: FunctionName, options: FunctionOptions): RoledFunction {
  const { settings, functionsFolder, removalPolicy } = options;
  // The WebSocket API was `Api` first: under another name it would be replaced, and get another URL.
  const id = name === 'api' ? 'ApiFunction' : name.charAt(0).toUpperCase() + name.slice(1);
  const logGroup = new LogGroup(scope, `${id}Logs`, { retention: settings.logRetentionDays, removalPolicy });
  // The role Function would make may write to every log group of the account.
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  if (settings.tracing) {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The two actions that send traces to X-Ray can be granted for no resource in particular.',
    });
  }
  const handler = new LambdaFunction(scope, id, {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(join(functionsFolder, name)),
    handler: 'index.handler',
    role,
    logGroup,
    ...sizes[name],
    ...(settings.tracing && { tracing: Tracing.ACTIVE }),
    environment: {
      DOMAIN: settings.domain,
      ALLOW_ANONYMOUS: String(settings.allowAnonymous),
      NODE_OPTIONS: '--enable-source-maps',
    },
  });
  return Object.assign(handler, { role });
}
