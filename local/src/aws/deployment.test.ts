import type { Template } from '@hyperroom/infra';
import { expect, test } from 'vitest';
import { readDeployment } from './deployment.ts';

const invocationsOf = (logicalId: string) => ({
  'Fn::Join': [
    '',
    ['arn:aws:apigateway:x:lambda:path/functions/', { 'Fn::GetAtt': [logicalId, 'Arn'] }, '/invocations'],
  ],
});

const template: Template = {
  Resources: {
    Api0A: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api0A' }, StageName: 'live' } },
    Authorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        AuthorizerUri: invocationsOf('Check0A1B2C3D'),
        IdentitySource: ['route.request.querystring.token'],
      },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: { Ref: 'Api0A' }, IntegrationUri: invocationsOf('Message0A1B2C3D') },
    },
    ConnectRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api0A' },
        RouteKey: '$connect',
        AuthorizerId: { Ref: 'Authorizer' },
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      },
    },
    HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    HttpStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'HttpApi' }, StageName: '$default' },
    },
    HttpIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: { Ref: 'HttpApi' }, IntegrationUri: { 'Fn::GetAtt': ['ApiFunction0A1B2C3D', 'Arn'] } },
    },
    HttpRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'HttpApi' },
        RouteKey: 'GET /rooms/{room}',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'HttpIntegration' }]] },
      },
    },
    ApiFunction0A1B2C3D: {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { S3Key: 'api.zip' }, Handler: 'index.handler' },
    },
    ApiRetries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'ApiFunction0A1B2C3D' }, MaximumRetryAttempts: 1 },
    },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'happenings' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['hyperroom'] },
        Targets: [
          {
            Id: 'Target0',
            Arn: { 'Fn::GetAtt': ['ApiFunction0A1B2C3D', 'Arn'] },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
          },
        ],
      },
    },
    Check0A1B2C3D: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'check.zip' },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['CheckRole', 'Arn'] },
      },
    },
    Message0A1B2C3D: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'message.zip' },
        Handler: 'index.handler',
        MemorySize: 512,
        Timeout: 15,
        Role: { 'Fn::GetAtt': ['MessageRole', 'Arn'] },
        Environment: { Variables: { TABLE_NAME: { Ref: 'Table' } } },
      },
    },
    CheckRole: { Type: 'AWS::IAM::Role' },
    MessageRole: { Type: 'AWS::IAM::Role' },
    MessagePolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'MessageRole' }],
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } }],
        },
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    },
    Queue: { Type: 'AWS::SQS::Queue' },
    Alarm: { Type: 'AWS::CloudWatch::Alarm' },
  },
  Outputs: { TableName: { Value: { Ref: 'Table' } } },
};

test('a template becomes what CloudFormation would have deployed', () => {
  const { api, functions, tables, outputs, ignored } = readDeployment(template);
  const [check, message] = ['check', 'message'].map((name) => functions.find((definition) => definition.name === name));
  const [table] = tables;
  expect(message).toMatchObject({
    codeKey: 'message.zip',
    memoryMb: 512,
    timeoutMs: 15_000,
    environment: { TABLE_NAME: table?.name },
    permissions: [{ Action: 'dynamodb:GetItem', Resource: table?.arn }],
    asyncRetries: 2,
  });
  expect(check).toMatchObject({ memoryMb: 128, timeoutMs: 3000, permissions: [] });
  expect(api.routes).toEqual(new Map([['$connect', message]]));
  expect(api.authorizer).toEqual({ function: check, identitySources: ['route.request.querystring.token'] });
  expect(api.stage).toBe('live');
  expect(table).toMatchObject({ ttlAttribute: 'ttl' });
  expect(table?.createInput).not.toHaveProperty('SSESpecification');
  expect(outputs).toEqual({ TableName: table?.name });
  expect(ignored).toEqual(['Queue: AWS::SQS::Queue is not emulated']);
});

test('each API has its own routes, and a bus its rules', () => {
  const { httpApi, functions, eventBuses } = readDeployment(template);
  const target = functions.find(({ name }) => name === 'api');
  expect(target).toMatchObject({ asyncRetries: 1 });
  expect(httpApi.routes).toMatchObject([{ routeKey: 'GET /rooms/{room}', method: 'GET', target }]);
  expect(eventBuses).toEqual([
    {
      name: 'happenings',
      arn: expect.stringContaining(':event-bus/happenings'),
      rules: [{ pattern: { source: [{ equals: 'hyperroom' }] }, targets: [target] }],
    },
  ]);
});

test('physical names are the same at every start', () => {
  expect(readDeployment(template)).toEqual(readDeployment(template));
});

test.each([
  [{ EventBusName: 'default' }, "only rules of the stack's bus are emulated"],
  [{ State: 'DISABLED' }, 'only enabled rules with a pattern are emulated'],
  [{ ScheduleExpression: 'rate(1 hour)' }, 'only enabled rules with a pattern are emulated'],
  [{ EventPattern: { detail: {} } }, 'detail is not emulated'],
  [{ Targets: [{ Id: 'Target0', Arn: 'elsewhere', Input: '{}' }] }, 'Input of a target is not emulated'],
  [{ Targets: [{ Id: 'Target0', Arn: 'elsewhere' }] }, 'no function behind elsewhere'],
])('a rule with %j is refused', (changes, message) => {
  const rule = template.Resources.Rule;
  const changed = { Type: 'AWS::Events::Rule', Properties: { ...rule?.Properties, ...changes } };
  expect(() => readDeployment({ Resources: { ...template.Resources, Rule: changed } })).toThrow(message);
});

test('a template without an API is refused', () => {
  expect(() => readDeployment({ Resources: {} })).toThrow(
    'expected one AWS::ApiGatewayV2::Api of protocol WEBSOCKET, found 0',
  );
});

test('what a stage lets through is read with it', () => {
  const limited = (settings: object): Template => ({
    ...template,
    Resources: {
      ...template.Resources,
      ...Object.fromEntries(
        Object.entries(template.Resources)
          .filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Stage')
          .map(([id, stage]) => [id, { ...stage, Properties: { ...stage.Properties, ...settings } }]),
      ),
    },
  });
  const { api, httpApi } = readDeployment(
    limited({ DefaultRouteSettings: { ThrottlingRateLimit: 300, ThrottlingBurstLimit: 20 } }),
  );
  expect(api.throttling).toEqual({ perSecond: 300, burst: 20 });
  expect(httpApi.throttling).toEqual({ perSecond: 300, burst: 20 });
  expect(readDeployment(template).api.throttling).toBeUndefined();
  for (const settings of [
    { DefaultRouteSettings: { ThrottlingRateLimit: 300 } },
    { RouteSettings: { $default: { ThrottlingRateLimit: 1 } } },
  ]) {
    expect(() => readDeployment(limited(settings))).toThrow(/Stage|stage/i);
  }
});
