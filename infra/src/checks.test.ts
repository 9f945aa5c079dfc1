import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test, vi } from 'vitest';
import { createApp } from './cdk-app.ts';
import { problemsOf } from './checks.testing.ts';
import { schemaProblems } from './service-spec.testing.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const aStack = () => new Stack(createApp(), 'Stack');

test('what cdk-nag finds is told, unless it is explained', () => {
  const stack = aStack();
  const bucket = new Bucket(stack, 'Bucket', { enforceSSL: true });
  expect(problemsOf(stack)).toEqual([expect.stringContaining('AwsSolutions-S1 at Stack/Bucket/Resource')]);
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'Nothing is ever read from this bucket.' });
  expect(problemsOf(stack)).toEqual([]);
});

test('what AWS would refuse of a resource is told', () => {
  const stack = aStack();
  new CfnResource(stack, 'It', { type: 'AWS::Nothing::AtAll' });
  expect(problemsOf(stack)).toEqual(['It: there is no type AWS::Nothing::AtAll']);
});

const refusals = (Type: string, Properties: Record<string, unknown>) => schemaProblems({ It: { Type, Properties } });

test.each([
  ['AWS::EC2::SecurityGroup', { VpcId: 'vpc' }, '.GroupDescription: is required'],
  ['AWS::SQS::Queue', { Colour: 'red' }, '.Colour: there is no such property'],
  ['AWS::SQS::Queue', { DelaySeconds: 'long' }, '.DelaySeconds="long": expected {"type":"integer"}'],
  ['AWS::Lambda::Function', { Code: {}, Role: 'r', Architectures: 'arm64' }, '.Architectures: expected a list'],
  ['AWS::Lambda::Function', { Code: { S4Key: 'x' }, Role: 'r' }, '.Code.S4Key: there is no such property'],
  ['AWS::Lambda::Function', { Code: 'x', Role: 'r' }, '.Code: expected an object'],
  ['AWS::Lambda::Function', { Code: {}, Role: 'r', Environment: { Variables: { A: 1 } } }, 'Variables.A=1'],
])('%s with %j is no good', (type, properties, problem) => {
  expect(refusals(type, properties)).toEqual([expect.stringContaining(problem)]);
});

test('what only CloudFormation knows is taken', () => {
  expect(refusals('AWS::Lambda::Function', { Code: { S3Key: { 'Fn::Sub': 'x' } }, Role: { Ref: 'R' } })).toEqual([]);
});
