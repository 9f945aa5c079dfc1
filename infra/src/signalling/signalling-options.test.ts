import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { expectSound, problemsOf } from '../checks.testing.ts';
import type { SignallingStack } from './signalling-stack.ts';
import { plainTypes, signallingStack, statementsOf, synthesise, typesOf, variablesOf } from './template.testing.ts';

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
  let stack: SignallingStack;
  let withWebhook: Template;
  beforeAll(async () => {
    stack = await signallingStack({ webhookUrl });
    withWebhook = Template.fromStack(stack);
  });

  test('leaves the stack sound', () => {
    expectSound(stack);
  });

  test('takes no concurrency from the others', () => {
    withWebhook.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 20 });
    withWebhook.resourcePropertiesCountIs('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() }, 5);
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

/** One stack for all that changes little each: each takes a second. */
describe('of a deployment that is told much', () => {
  let stack: SignallingStack;
  let told: Template;
  beforeAll(async () => {
    stack = await signallingStack({
      allowAnonymous: true,
      allowedOrigins: ['https://app.example.org', 'https://example.org'],
      mediaMinNodes: 0,
      oidc: { issuer: 'https://id.example', audience: 'rooms' },
      region: 'eu-central-1',
      removalPolicy: 'destroy',
      tracing: true,
      turn: false,
      alarmEmail: 'operator@example.org',
    });
    told = Template.fromStack(stack);
  });

  test('the stack is sound', () => {
    expectSound(stack);
  });

  test('the OpenID provider is known to those who check tokens, and to no other', () => {
    for (const name of ['ApiFunction', 'Authorizer']) {
      expect(variablesOf(name, told)).toMatchObject({ OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'rooms' });
    }
    for (const name of ['Connect', 'Disconnect', 'Message']) {
      expect(variablesOf(name, told)).not.toHaveProperty('OIDC_ISSUER');
    }
  });

  test('whoever brings no token is left to the authorizer', () => {
    told.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { IdentitySource: [] });
    expect(variablesOf('Authorizer', told)).toMatchObject({ ALLOW_ANONYMOUS: 'true' });
  });

  test('the origins are known to the function that pages meet first', () => {
    expect(variablesOf('Connect', told).ALLOWED_ORIGINS).toBe('https://app.example.org,https://example.org');
  });

  test('joins start the first media node', () => {
    expect(variablesOf('Message', told).STARTS_NODES).toBe('true');
  });

  test('every function is traced', () => {
    told.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
  });

  test('the table goes with the stack', () => {
    told.hasResource('AWS::DynamoDB::Table', {
      Properties: { DeletionProtectionEnabled: false },
      DeletionPolicy: 'Delete',
    });
  });

  test('there is no secret for a TURN server that there is not', () => {
    told.resourceCountIs('AWS::SecretsManager::Secret', 2);
  });

  test('alarms reach the operator', () => {
    told.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'operator@example.org' });
    told.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()] });
  });
});

test('without access logs nothing of the account is touched', async () => {
  const quiet = await synthesise({ accessLogs: false });
  expect(typesOf(quiet)).toEqual(new Set(plainTypes.filter((type) => type !== 'AWS::ApiGateway::Account')));
  quiet.allResourcesProperties('AWS::ApiGatewayV2::Stage', { AccessLogSettings: Match.absent() });
});

describe('for an emulator', () => {
  let stack: SignallingStack;
  let emulated: Template;
  beforeAll(async () => {
    stack = await signallingStack({
      emulated: true,
      tracing: true,
      oidc: { issuer: 'https://id.example', audience: 'a' },
    });
    emulated = Template.fromStack(stack);
  });

  test('there is nothing that only an account has a use for', () => {
    const ofAccounts = ['AWS::ApiGateway::Account', 'AWS::CloudWatch::Alarm'];
    expect(typesOf(emulated)).toEqual(new Set(plainTypes.filter((type) => !ofAccounts.includes(type))));
    emulated.allResourcesProperties('AWS::ApiGatewayV2::Stage', { AccessLogSettings: Match.absent() });
    emulated.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: Match.absent() });
  });

  test('$connect may do what the authorizer may, and put what it finds out where the others look for it', () => {
    const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const [, reading, putting, ...others] = statementsOf('Admit', emulated);
    expect(statementsOf('Admit', emulated).map(({ Action }) => Action)).toEqual([
      logs,
      'secretsmanager:GetSecretValue',
      'dynamodb:PutItem',
    ]);
    const [table = ''] = Object.keys(emulated.findResources('AWS::DynamoDB::Table'));
    expect(putting?.Resource).toEqual({ 'Fn::GetAtt': [table, 'Arn'] });
    const ofAuthorizer = statementsOf('Authorizer', emulated).find(({ Action }) => Action === reading?.Action);
    expect(reading).toEqual(ofAuthorizer);
    expect(others).toEqual([]);
    expect(variablesOf('Admit', emulated)).toEqual({
      ...variablesOf('Authorizer', emulated),
      TABLE_NAME: { Ref: table },
    });
    for (const name of ['Disconnect', 'Message']) {
      expect(variablesOf(name, emulated)).toMatchObject({ CONTEXT_IN_TABLE: 'true' });
    }
  });

  test('nothing is wrong with the stack but that it logs nobody’s access', () => {
    expect(problemsOf(stack).filter((problem) => !problem.startsWith('AwsSolutions-APIG1 '))).toEqual([]);
  });
});
