import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { functionNames } from './bundle.ts';
import { httpRoutes } from './http-routes.ts';
import { addSignallingStack, createApp, signallingPropsFromContext } from './signalling-app.ts';
import type { SignallingStackProps } from './signalling-stack.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let functionsFolder: string;
let template: Template;

beforeAll(async () => {
  functionsFolder = await mkdtemp(join(tmpdir(), 'hyperroom-functions-'));
  for (const name of functionNames) {
    await mkdir(join(functionsFolder, name));
    await writeFile(join(functionsFolder, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  template = synthesise();
});

function synthesise(props: Partial<SignallingStackProps> = {}): Template {
  const stack = addSignallingStack(createApp(), {
    domain: 'example.org',
    allowAnonymous: false,
    functionsFolder,
    ...props,
  });
  return Template.fromStack(stack);
}

describe('the WebSocket API', () => {
  test('has the three routes, of which $connect asks the authorizer', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: '$connect',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: Match.anyValue(),
    });
    for (const RouteKey of ['$disconnect', '$default']) {
      template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey, AuthorizationType: 'NONE' });
    }
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { AutoDeploy: true });
  });

  test('answers 401 by itself unless anonymous clients are allowed', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.querystring.token'],
    });
    synthesise({ allowAnonymous: true }).hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { IdentitySource: [] });
  });

  test('has nothing that emulators of AWS stumble over', () => {
    expect(typesOf(template)).toEqual(new Set(plainTypes));
  });
});

describe('the HTTP API', () => {
  test('has each route by itself, none of them with an authorizer, and no CORS', () => {
    const routes = Object.values(
      template.findResources('AWS::ApiGatewayV2::Route', { Properties: { ApiId: httpApi() } }),
    );
    expect(routes.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(httpRoutes.toSorted());
    for (const { Properties } of routes) expect(Properties).toMatchObject({ AuthorizationType: 'NONE' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.absent(),
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      ApiId: httpApi(),
      StageName: '$default',
      AutoDeploy: true,
    });
  });

  test('has one integration, of format 2.0, which it alone may invoke', () => {
    template.resourcePropertiesCountIs(
      'AWS::ApiGatewayV2::Integration',
      { ApiId: httpApi(), IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' },
      1,
    );
    const permissions = Object.entries(template.findResources('AWS::Lambda::Permission'));
    const forApi = permissions.filter(([, { Properties }]) => JSON.stringify(Properties).includes(httpApi().Ref));
    expect(forApi).toHaveLength(1);
  });

  test('is told with the other outputs', () => {
    template.hasOutput('HttpApiUrl', { Value: { 'Fn::GetAtt': [httpApi().Ref, 'ApiEndpoint'] } });
  });
});

describe('the table', () => {
  test('is paid per request, recoverable, encrypted, and expires its items', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byConnection',
          KeySchema: [{ AttributeName: 'connectionId', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
        ...['User', 'Guid', 'Name', 'Reporter'].map((key) => ({
          IndexName: `by${key}`,
          KeySchema: [{ AttributeName: `registered${key}`, KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        })),
        {
          IndexName: 'byListing',
          KeySchema: [{ AttributeName: 'listed', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });

  test('outlives the stack unless told otherwise', () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
    synthesise({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
    });
  });
});

describe('the functions', () => {
  test('are five, on Node 24 and arm64, each with a log group that forgets', () => {
    template.resourceCountIs('AWS::Lambda::Function', 5);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogGroup: Match.anyValue() },
      FunctionName: Match.absent(),
      Environment: { Variables: Match.objectLike({ DOMAIN: 'example.org', ALLOW_ANONYMOUS: 'false' }) },
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 5);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('know only what they need', () => {
    expect(environmentOf('Authorizer')).toEqual(expect.arrayContaining(['TOKEN_SECRET_ARN']));
    expect(environmentOf('Connect')).not.toEqual(expect.arrayContaining(['TABLE_NAME']));
    for (const name of ['Message', 'Disconnect']) {
      expect(environmentOf(name)).toEqual(expect.arrayContaining(['TABLE_NAME', 'MANAGEMENT_ENDPOINT']));
      expect(environmentOf(name)).not.toContain('TOKEN_SECRET_ARN');
    }
    expect(environmentOf('ApiFunction')).toEqual(
      expect.arrayContaining(['TABLE_NAME', 'MANAGEMENT_ENDPOINT', 'TOKEN_SECRET_ARN', 'SIGNALLING_URL']),
    );
    for (const name of ['ApiFunction', 'Authorizer', 'Disconnect', 'Message']) {
      expect(environmentOf(name)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(EVENT|OIDC|WEBHOOK)_/)]),
      );
    }
  });

  test('end before the gateway gives up on them', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions) expect(Properties.Timeout).toBeLessThan(29);
  });
});

describe('the grants', () => {
  const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const secret = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
  const table = [
    'dynamodb:BatchGetItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
  ];

  test.each([
    ['ApiFunction', [...logs, ...secret, ...table, 'execute-api:ManageConnections']],
    ['Authorizer', [...logs, ...secret]],
    ['Connect', logs],
    ['Disconnect', [...logs, ...table, 'execute-api:ManageConnections']],
    ['Message', [...logs, ...table, 'execute-api:ManageConnections']],
  ])('of %s', (name, actions) => {
    expect(statementsOf(name).flatMap(({ Action }) => Action)).toEqual(actions);
  });

  test('are never for every resource, nor from a managed policy', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
    expect(statements.flatMap(({ Resource }) => Resource)).not.toContain('*');
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('reach the connections of this API and stage only', () => {
    const [statement] = statementsOf('Message').filter(({ Action }) => Action === 'execute-api:ManageConnections');
    const [api] = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: 'WEBSOCKET' } }),
    );
    expect(JSON.stringify(statement?.Resource)).toContain(`{"Ref":"${api}"},"/live/*/@connections/*"`);
  });
});

describe('an event bus', () => {
  let withEvents: Template;
  beforeAll(() => {
    withEvents = synthesise({ events: true });
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
  beforeAll(() => {
    withWebhook = synthesise({ webhookUrl });
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

test('an OpenID provider is known to those who check tokens, and to no other', () => {
  const withOidc = synthesise({ oidc: { issuer: 'https://id.example', audience: 'rooms' } });
  for (const name of ['ApiFunction', 'Authorizer']) {
    expect(variablesOf(name, withOidc)).toMatchObject({ OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'rooms' });
  }
  for (const name of ['Connect', 'Disconnect', 'Message']) {
    expect(variablesOf(name, withOidc)).not.toHaveProperty('OIDC_ISSUER');
  }
  expect(typesOf(withOidc)).toEqual(new Set(plainTypes));
});

test('the context chooses, and a typing error is told', () => {
  expect(signallingPropsFromContext(appWith({}))).toEqual({
    domain: 'localhost',
    allowAnonymous: false,
    removalPolicy: RemovalPolicy.RETAIN,
    events: false,
    functionsFolder: expect.any(String),
  });
  const chosen = {
    allowAnonymous: 'true',
    removalPolicy: 'destroy',
    events: 'true',
    webhookUrl: 'https://back-end.example/rooms',
    oidcIssuer: 'https://id.example',
    oidcAudience: 'rooms',
  };
  expect(signallingPropsFromContext(appWith(chosen))).toMatchObject({
    allowAnonymous: true,
    removalPolicy: RemovalPolicy.DESTROY,
    events: true,
    webhookUrl: 'https://back-end.example/rooms',
    oidc: { issuer: 'https://id.example', audience: 'rooms' },
  });
});

test.each([
  [{ allowAnonymous: 'yes' }, 'allowAnonymous=yes: expected one of true, false'],
  [{ webhookUrl: 'back-end' }, 'webhookUrl=back-end: expected a URL'],
  [{ oidcIssuer: 'https://id.example' }, 'oidcIssuer and oidcAudience go together'],
  [{ oidcAudience: 'rooms' }, 'oidcIssuer and oidcAudience go together'],
])('the context %j is refused', (context, message) => {
  expect(() => signallingPropsFromContext(appWith(context))).toThrow(message);
});

const plainTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
];

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function appWith(context: Readonly<Record<string, string>>): App {
  const app = createApp();
  for (const [key, value] of Object.entries(context)) app.node.setContext(key, value);
  return app;
}

function typesOf(from: Template): Set<string> {
  const resources: Record<string, { Type: string }> = from.toJSON().Resources;
  return new Set(Object.values(resources).map(({ Type }) => Type));
}

function httpApi(): { Ref: string } {
  const [Ref = ''] = Object.keys(
    template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: 'HTTP' } }),
  );
  return { Ref };
}

function variablesOf(name: string, from = template): Record<string, unknown> {
  const functions = Object.entries(from.findResources('AWS::Lambda::Function'));
  const [, resource] = functions.find(([logicalId]) => logicalId.startsWith(name)) ?? [];
  return resource?.Properties.Environment.Variables ?? {};
}

function environmentOf(name: string): string[] {
  return Object.keys(variablesOf(name));
}

function statementsOf(name: string, from = template): Statement[] {
  const policies = Object.entries(from.findResources('AWS::IAM::Policy'));
  const [, policy] = policies.find(([logicalId]) => logicalId.startsWith(`${name}Role`)) ?? [];
  return policy?.Properties.PolicyDocument.Statement ?? [];
}
