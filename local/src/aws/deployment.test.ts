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
    Api0A: { Type: 'AWS::ApiGatewayV2::Api', Properties: { RouteSelectionExpression: '$request.body.action' } },
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
      Properties: { IntegrationUri: invocationsOf('Message0A1B2C3D') },
    },
    ConnectRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: '$connect',
        AuthorizerId: { Ref: 'Authorizer' },
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
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
  },
  Outputs: { TableName: { Value: { Ref: 'Table' } } },
};

test('a template becomes what CloudFormation would have deployed', () => {
  const { api, functions, tables, outputs, ignored } = readDeployment(template);
  const [check, message] = functions;
  const [table] = tables;
  expect(message).toMatchObject({
    name: 'message',
    codeKey: 'message.zip',
    memoryMb: 512,
    timeoutMs: 15_000,
    environment: { TABLE_NAME: table?.name },
    permissions: [{ Action: 'dynamodb:GetItem', Resource: table?.arn }],
  });
  expect(check).toMatchObject({ name: 'check', memoryMb: 128, timeoutMs: 3000, permissions: [] });
  expect(api.routes).toEqual(new Map([['$connect', message]]));
  expect(api.authorizer).toEqual({ function: check, identitySources: ['route.request.querystring.token'] });
  expect(api.stage).toBe('live');
  expect(table).toMatchObject({ ttlAttribute: 'ttl' });
  expect(table?.createInput).not.toHaveProperty('SSESpecification');
  expect(outputs).toEqual({ TableName: table?.name });
  expect(ignored).toEqual(['Queue: AWS::SQS::Queue is not emulated']);
});

test('physical names are the same at every start', () => {
  expect(readDeployment(template)).toEqual(readDeployment(template));
});

test('a template without an API is refused', () => {
  expect(() => readDeployment({ Resources: {} })).toThrow('expected one AWS::ApiGatewayV2::Api, found 0');
});
