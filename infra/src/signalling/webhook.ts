import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface WebhookOptions {
  readonly url: string;
  readonly bus: EventBus;
  readonly handler: LambdaFunction;
  readonly removalPolicy: RemovalPolicy;
}

/** The `source` of all events of Hyperroom. */
const eventSource = 'hyperroom';

/** Has what happens in rooms posted to a URL, signed with a secret of its own. Returns that secret. */
export function addWebhook(scope: Construct, { url, bus, handler, removalPolicy }: WebhookOptions): Secret {
  const secret = new Secret(scope, 'WebhookSecret', {
    description: 'Signs what Hyperroom posts to the webhook',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy,
  });
  handler.addEnvironment('WEBHOOK_URL', url);
  handler.addEnvironment('WEBHOOK_SECRET_ARN', secret.secretArn);
  secret.grantRead(handler);
  const undelivered = new Queue(scope, 'UndeliveredEvents', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy,
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
  return secret;
}
