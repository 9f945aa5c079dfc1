import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { functionNames } from './bundle.ts';
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

describe('the API', () => {
  test('has the three routes, of which $connect asks the authorizer', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 3);
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
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );
    expect(new Set(types)).toEqual(
      new Set([
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
      ]),
    );
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
  test('are four, on Node 24 and arm64, each with a log group that forgets', () => {
    template.resourceCountIs('AWS::Lambda::Function', 4);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogGroup: Match.anyValue() },
      FunctionName: Match.absent(),
      Environment: { Variables: Match.objectLike({ DOMAIN: 'example.org', ALLOW_ANONYMOUS: 'false' }) },
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 4);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('know only what they need', () => {
    expect(environmentOf('Authorizer')).toEqual(expect.arrayContaining(['TOKEN_SECRET_ARN']));
    expect(environmentOf('Connect')).not.toEqual(expect.arrayContaining(['TABLE_NAME']));
    for (const name of ['Message', 'Disconnect']) {
      expect(environmentOf(name)).toEqual(expect.arrayContaining(['TABLE_NAME', 'MANAGEMENT_ENDPOINT']));
      expect(environmentOf(name)).not.toContain('TOKEN_SECRET_ARN');
    }
  });

  test('end before the gateway gives up on them', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions) expect(Properties.Timeout).toBeLessThan(29);
  });
});

describe('the grants', () => {
  const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
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
    ['Authorizer', [...logs, 'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']],
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
    const [api] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));
    expect(JSON.stringify(statement?.Resource)).toContain(`{"Ref":"${api}"},"/live/*/@connections/*"`);
  });
});

test('the context chooses, and a typing error is told', () => {
  const app = createApp();
  expect(signallingPropsFromContext(app)).toMatchObject({
    domain: 'localhost',
    allowAnonymous: false,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  app.node.setContext('allowAnonymous', 'true');
  app.node.setContext('removalPolicy', 'destroy');
  expect(signallingPropsFromContext(app)).toMatchObject({
    allowAnonymous: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  app.node.setContext('allowAnonymous', 'yes');
  expect(() => signallingPropsFromContext(app)).toThrow('allowAnonymous=yes: expected one of true, false');
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function environmentOf(name: string): string[] {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const [, resource] = functions.find(([logicalId]) => logicalId.startsWith(name)) ?? [];
  return Object.keys(resource?.Properties.Environment.Variables ?? {});
}

function statementsOf(name: string): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const [, policy] = policies.find(([logicalId]) => logicalId.startsWith(`${name}Role`)) ?? [];
  return policy?.Properties.PolicyDocument.Statement ?? [];
}
