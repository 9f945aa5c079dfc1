import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../cdk-app.ts';
import { signallingStackName } from '../layout.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { functionNames } from './bundle-functions.ts';
import { SignallingStack } from './signalling-stack.ts';

/** The types of resources that there are without events. */
export const plainTypes = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
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

/** The stack, with functions that do nothing. */
export async function signallingStack(settings: Partial<Settings> = {}): Promise<SignallingStack> {
  const functionsFolder = await writeFunctions();
  try {
    return new SignallingStack(createApp(), signallingStackName, {
      settings: { ...defaultSettings, domain: 'example.org', ...settings },
      functionsFolder,
    });
  } finally {
    await rm(functionsFolder, { recursive: true });
  }
}

export async function synthesise(settings: Partial<Settings> = {}): Promise<Template> {
  return Template.fromStack(await signallingStack(settings));
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
