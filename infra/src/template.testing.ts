import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { functionNames } from './bundle.ts';
import { addSignallingStack, createApp } from './signalling-app.ts';
import type { SignallingStackProps } from './signalling-stack.ts';

/** The types of resources that there are without events. */
export const plainTypes = [
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

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Synthesises the stack, with functions that do nothing. */
export async function synthesise(props: Partial<SignallingStackProps> = {}): Promise<Template> {
  const functionsFolder = await writeFunctions();
  try {
    const stack = addSignallingStack(createApp(), {
      domain: 'example.org',
      allowAnonymous: false,
      functionsFolder,
      ...props,
    });
    return Template.fromStack(stack);
  } finally {
    await rm(functionsFolder, { recursive: true });
  }
}

async function writeFunctions(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-functions-'));
  for (const name of functionNames) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  return folder;
}

export function typesOf(template: Template): Set<string> {
  const resources: Record<string, { Type: string }> = template.toJSON().Resources;
  return new Set(Object.values(resources).map(({ Type }) => Type));
}

export function variablesOf(name: string, template: Template): Record<string, unknown> {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const [, resource] = functions.find(([logicalId]) => logicalId.startsWith(name)) ?? [];
  return resource?.Properties.Environment.Variables ?? {};
}

export function statementsOf(name: string, template: Template): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const [, policy] = policies.find(([logicalId]) => logicalId.startsWith(`${name}Role`)) ?? [];
  return policy?.Properties.PolicyDocument.Statement ?? [];
}
