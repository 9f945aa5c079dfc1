import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { httpRoutes } from './http-routes.ts';
import { plainTypes, type Statement, statementsOf, synthesise, typesOf, variablesOf } from './template.testing.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let template: Template;

beforeAll(async () => {
  template = await synthesise();
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

  test('answers 401 by itself unless anonymous clients are allowed', async () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.querystring.token'],
    });
    (await synthesise({ allowAnonymous: true })).hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      IdentitySource: [],
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

  test('outlives the stack unless told otherwise', async () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
    (await synthesise({ removalPolicy: 'destroy' })).hasResource('AWS::DynamoDB::Table', {
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
    expect(statementsOf(name, template).flatMap(({ Action }) => Action)).toEqual(actions);
  });

  test('are never for every resource, nor from a managed policy', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
    expect(statements.flatMap(({ Resource }) => Resource)).not.toContain('*');
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('reach the connections of this API and stage only', () => {
    const [statement] = statementsOf('Message', template).filter(
      ({ Action }) => Action === 'execute-api:ManageConnections',
    );
    const [api] = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: 'WEBSOCKET' } }),
    );
    expect(JSON.stringify(statement?.Resource)).toContain(`{"Ref":"${api}"},"/live/*/@connections/*"`);
  });
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
