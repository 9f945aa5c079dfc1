import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { plainTypes, statementsOf, synthesise, typesOf, variablesOf } from './template.testing.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe('an event bus', () => {
  let withEvents: Template;
  beforeAll(async () => {
    withEvents = await synthesise({ events: true });
  });

  test('is all that is added', () => {
    expect(typesOf(withEvents)).toEqual(new Set([...plainTypes, 'AWS::Events::EventBus']));
    withEvents.resourceCountIs('AWS::Lambda::Function', 5);
  });

  test('is known to those who make rooms change, who may put events there and nowhere else', () => {
    const [bus = ''] = Object.keys(withEvents.findResources('AWS::Events::EventBus'));
    for (const name of ['ApiFunction', 'Disconnect', 'Message']) {
      expect(variablesOf(name, withEvents)).toMatchObject({ EVENT_BUS_NAME: { Ref: bus } });
      const granted = statementsOf(name, withEvents).filter(({ Action }) => Action === 'events:PutEvents');
      expect(granted).toMatchObject([{ Resource: { 'Fn::GetAtt': [bus, 'Arn'] } }]);
    }
    for (const name of ['Authorizer', 'Connect']) {
      expect(variablesOf(name, withEvents)).not.toHaveProperty('EVENT_BUS_NAME');
      expect(JSON.stringify(statementsOf(name, withEvents))).not.toContain('events:');
    }
  });
});

describe('a webhook', () => {
  const webhookUrl = 'https://back-end.example/rooms';
  let withWebhook: Template;
  beforeAll(async () => {
    withWebhook = await synthesise({ webhookUrl });
  });

  test('brings a bus, and a function with a secret of its own', () => {
    withWebhook.resourceCountIs('AWS::Events::EventBus', 1);
    const { WEBHOOK_URL, WEBHOOK_SECRET_ARN } = variablesOf('Webhook', withWebhook);
    expect(WEBHOOK_URL).toBe(webhookUrl);
    const [secretId = ''] = Object.keys(withWebhook.findResources('AWS::SecretsManager::Secret')).filter((id) =>
      id.startsWith('WebhookSecret'),
    );
    expect(WEBHOOK_SECRET_ARN).toEqual({ Ref: secretId });
    const reads = statementsOf('Webhook', withWebhook).filter(({ Action }) =>
      [Action].flat().includes('secretsmanager:GetSecretValue'),
    );
    expect(reads).toMatchObject([{ Resource: { Ref: secretId } }]);
    expect(JSON.stringify(statementsOf('ApiFunction', withWebhook))).not.toContain(secretId);
  });

  test('gets the events of Hyperroom from that bus, and what it cannot take is kept', () => {
    const [bus = ''] = Object.keys(withWebhook.findResources('AWS::Events::EventBus'));
    const [queue = ''] = Object.keys(withWebhook.findResources('AWS::SQS::Queue'));
    const kept = { 'Fn::GetAtt': [queue, 'Arn'] };
    withWebhook.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: bus },
      EventPattern: { source: ['hyperroom'] },
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Webhook'), 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 24 * 3600, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: kept },
        },
      ],
    });
    withWebhook.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 6 * 3600,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: kept } },
    });
  });
});

test('an OpenID provider is known to those who check tokens, and to no other', async () => {
  const withOidc = await synthesise({ oidc: { issuer: 'https://id.example', audience: 'rooms' } });
  for (const name of ['ApiFunction', 'Authorizer']) {
    expect(variablesOf(name, withOidc)).toMatchObject({ OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'rooms' });
  }
  for (const name of ['Connect', 'Disconnect', 'Message']) {
    expect(variablesOf(name, withOidc)).not.toHaveProperty('OIDC_ISSUER');
  }
  expect(typesOf(withOidc)).toEqual(new Set(plainTypes));
});
