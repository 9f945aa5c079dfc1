import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { expectSound } from '../checks.testing.ts';
import { httpRoutes } from './http-routes.ts';
import type { SignallingStack } from './signalling-stack.ts';
import { plainTypes, type Statement, signallingStack, statementsOf, typesOf, variablesOf } from './template.testing.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let template: Template;
let stack: SignallingStack;

beforeAll(async () => {
  stack = await signallingStack();
  template = Template.fromStack(stack);
});

test('the stack is sound', () => {
  expectSound(stack);
});

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

  test('answers 401 by itself to whoever brings no token', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.querystring.token'],
    });
  });

  test('leaves the greater part of what an account may do to the posts', () => {
    const stages = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const settings = stages.map(({ Properties }) => Properties.DefaultRouteSettings);
    const sum = (name: string) => settings.reduce((total, { [name]: limit }) => total + limit, 0);
    expect(settings).toHaveLength(2);
    expect(sum('ThrottlingRateLimit')).toBeLessThan(10_000 / 2);
    expect(sum('ThrottlingBurstLimit')).toBeLessThan(5_000 / 2);
  });

  test('logs who did what, once API Gateway may, and no token', () => {
    const [account = ''] = Object.keys(template.findResources('AWS::ApiGateway::Account'));
    template.hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: { StageName: 'live', AccessLogSettings: { DestinationArn: Match.anyValue() } },
      DependsOn: Match.arrayWith([account]),
    });
    const formats = Object.values(template.findResources('AWS::ApiGatewayV2::Stage')).map(
      ({ Properties }) => Properties.AccessLogSettings.Format,
    );
    for (const format of formats) {
      expect(JSON.parse(format)).toMatchObject({ requestId: '$context.requestId', status: '$context.status' });
      expect(format).not.toMatch(/query|authorizer\.(?!error)/i);
    }
  });

  test('leaves the role that all APIs of the account log with when it goes', () => {
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    template.hasResource('AWS::IAM::Role', {
      Properties: { ManagedPolicyArns: Match.anyValue() },
      DeletionPolicy: 'Retain',
    });
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
        {
          IndexName: 'byNode',
          KeySchema: [{ AttributeName: 'node', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });

  test('outlives the stack, and nobody deletes it by mistake', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: { DeletionProtectionEnabled: true },
      DeletionPolicy: 'Retain',
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
    template.resourceCountIs('AWS::Logs::LogGroup', 7);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('know only what they need', () => {
    expect(environmentOf('Authorizer')).toEqual(expect.arrayContaining(['NODE_SECRET_ARN', 'TOKEN_SECRET_ARN']));
    expect(environmentOf('Connect')).not.toEqual(expect.arrayContaining(['TABLE_NAME']));
    for (const name of ['Message', 'Disconnect']) {
      expect(environmentOf(name)).toEqual(expect.arrayContaining(['TABLE_NAME', 'MANAGEMENT_ENDPOINT']));
      expect(environmentOf(name)).not.toContain('TOKEN_SECRET_ARN');
    }
    for (const name of ['ApiFunction', 'Message', 'Disconnect']) {
      expect(environmentOf(name)).not.toContain('NODE_SECRET_ARN');
    }
    expect(environmentOf('Message')).not.toContain('STARTS_NODES');
    expect(environmentOf('Connect')).not.toContain('ALLOWED_ORIGINS');
    for (const name of ['Message', 'Disconnect']) expect(environmentOf(name)).not.toContain('CONTEXT_IN_TABLE');
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
  const secret = 'secretsmanager:GetSecretValue';
  const items = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'].map((name) => `dynamodb:${name}`);
  const table = [...items, 'dynamodb:Query'];

  test.each([
    ['ApiFunction', [...logs, secret, ...table, 'execute-api:ManageConnections']],
    ['Authorizer', [...logs, secret]],
    ['Connect', logs],
    ['Disconnect', [...logs, ...table.filter((name) => !name.includes('Put')), 'execute-api:ManageConnections']],
    ['Message', [...logs, ...table, 'execute-api:ManageConnections']],
  ])('of %s', (name, actions) => {
    const given = statementsOf(name, template).flatMap(({ Action }) => Action);
    expect(given.toSorted()).toEqual(actions.toSorted());
  });

  test('are never for every resource, nor from a managed policy', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
    expect(statements.flatMap(({ Resource }) => Resource)).not.toContain('*');
    const managed = Object.keys(
      template.findResources('AWS::IAM::Role', { Properties: { ManagedPolicyArns: Match.anyValue() } }),
    );
    expect(managed).toEqual([expect.stringMatching(/^ApiGatewayLogsRole/)]);
  });

  test.each([
    ['ApiFunction', ['GET', 'POST']],
    ['Disconnect', ['GET', 'POST']],
    ['Message', ['DELETE', 'GET', 'POST']],
  ])('of %s reach the connections of this API and stage only, to %j', (name, verbs) => {
    const [statement] = statementsOf(name, template).filter(({ Action }) => Action === 'execute-api:ManageConnections');
    const [api] = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: 'WEBSOCKET' } }),
    );
    const resources = [statement?.Resource].flat().map((resource) => JSON.stringify(resource));
    expect(resources).toEqual(
      verbs.map((verb) => expect.stringContaining(`{"Ref":"${api}"},"/live/${verb}/@connections/*"`)),
    );
  });
});

describe('the secrets', () => {
  test('are generated, outlive the stack, and are one for each that signs', () => {
    const secrets = template.findResources('AWS::SecretsManager::Secret');
    expect(Object.keys(secrets).map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'TokenSecret',
      'NodeSecret',
      'TurnSecret',
    ]);
    for (const { Properties, DeletionPolicy } of Object.values(secrets)) {
      expect(Properties).toEqual({
        Description: expect.any(String),
        GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
      });
      expect(DeletionPolicy).toBe('Retain');
    }
  });
});

test('the outputs say what comes next', () => {
  template.hasOutput('SignallingUrl', {});
  const [, separated] = Object.values(template.findOutputs('NextStep')).map(({ Value }) => Value['Fn::Join'])[0];
  const [start, secret, end] = separated;
  expect(start).toBe(
    'npm run token -- --user user://example.org/ada --name Ada --secret "$(aws secretsmanager get-secret-value --secret-id ',
  );
  expect(secret).toEqual({ Ref: expect.stringMatching(/^TokenSecret/) });
  expect(end).toContain('DemoUrl');
});

function httpApi(): { Ref: string } {
  const [Ref = ''] = Object.keys(
    template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: 'HTTP' } }),
  );
  return { Ref };
}

function environmentOf(name: string): string[] {
  return Object.keys(variablesOf(name, template));
}
