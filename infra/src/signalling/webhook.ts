import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { createSecret, grantValue } from './secrets.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly bus: EventBus;
  readonly handler: LambdaFunction;
  readonly removalPolicy: RemovalPolicy;
}

export interface Webhook {
  readonly secret: Secret;
  /** Events that the URL has not taken, in spite of all attempts. */
  readonly undelivered: Queue;
}

/** The `source` of all events of Hyperroom. */
const eventSource = 'hyperroom';

/** Has what happens in rooms posted to a URL, signed with a secret of its own. */
export function addWebhook(scope: Construct, { url, bus, handler, removalPolicy }: WebhookOptions): Webhook {
  const secret = createSecret(scope, 'WebhookSecret', {
    description: 'Signs what Hyperroom posts to the webhook',
    removalPolicy,
  });
  handler.addEnvironment('WEBHOOK_URL', url);
  handler.addEnvironment('WEBHOOK_SECRET_ARN', secret.secretArn);
  grantValue(secret, handler);
  const undelivered = new Queue(scope, 'UndeliveredEvents', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy,
  });
  Validations.of(undelivered).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'It is the dead-letter queue: what cannot be delivered ends here, and nothing takes it out but an operator.',
  });
  // EventBridge tries until Lambda has taken the event; that the function then fails is Lambda's to retry.
  new Rule(scope, 'WebhookRule', {
    description: 'What happens in rooms goes to the webhook',
    eventBus: bus,
    eventPattern: { source: [eventSource] },
    targets: [
      new FunctionTarget(handler, {
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
        deadLetterQueue: undelivered,
      }),
    ],
  });
  handler.configureAsyncInvoke({
    maxEventAge: Duration.hours(6),
    retryAttempts: 2,
    onFailure: new SqsDestination(undelivered),
  });
  return { secret, undelivered };
}
