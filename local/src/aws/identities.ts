import { createHash } from 'node:crypto';
import type { Template, TemplateResource } from '@hyperroom/infra';
import { type ResourceIdentity, resolve, type Scope } from './intrinsics.ts';

export const region = 'us-east-1';
export const accountId = '000000000000';

const stackName = 'HyperroomSignalling';
const urlSuffix = 'amazonaws.com';

export type Properties = Readonly<Record<string, unknown>>;

/** A resource of the template as it would be, had CloudFormation deployed it. */
export interface Deployed {
  readonly logicalId: string;
  readonly properties: Properties;
  readonly identity: ResourceIdentity;
}

/** Finds the resources of a type. */
export type OfType = (type: string) => Deployed[];

/** What the intrinsic functions of a template refer to. */
export function scopeOf(template: Template): Scope {
  return {
    pseudoParameters: {
      'AWS::AccountId': accountId,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': urlSuffix,
    },
    identify(logicalId) {
      const resource = template.Resources[logicalId];
      return resource === undefined ? undefined : identify(logicalId, resource);
    },
  };
}

export function deployedOf(template: Template, scope: Scope): OfType {
  return (type) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({
        logicalId,
        properties: resolve(resource.Properties ?? {}, scope) as Properties,
        identity: identify(logicalId, resource),
      }));
}

function identify(logicalId: string, resource: TemplateResource): ResourceIdentity {
  const physicalName = `${stackName}-${logicalId}`;
  const shortId = createHash('sha256').update(logicalId).digest('hex').slice(0, 10);
  switch (resource.Type) {
    case 'AWS::ApiGatewayV2::Api': {
      const scheme = resource.Properties?.ProtocolType === 'HTTP' ? 'https' : 'wss';
      return { ref: shortId, attributes: { ApiId: shortId, ApiEndpoint: `${scheme}://${executeApiHost(shortId)}` } };
    }
    case 'AWS::ApiGatewayV2::Stage':
      return { ref: String(resource.Properties?.StageName ?? '$default'), attributes: {} };
    case 'AWS::DynamoDB::Table':
      return { ref: physicalName, attributes: { Arn: arnOf('dynamodb', `table/${physicalName}`) } };
    case 'AWS::Events::EventBus': {
      const name = String(resource.Properties?.Name);
      return { ref: name, attributes: { Name: name, Arn: arnOf('events', `event-bus/${name}`) } };
    }
    case 'AWS::IAM::Role':
      return { ref: physicalName, attributes: { Arn: `arn:aws:iam::${accountId}:role/${physicalName}` } };
    case 'AWS::Lambda::Function':
      return { ref: physicalName, attributes: { Arn: arnOf('lambda', `function:${physicalName}`) } };
    case 'AWS::Logs::LogGroup':
      return { ref: physicalName, attributes: { Arn: arnOf('logs', `log-group:${physicalName}:*`) } };
    case 'AWS::SecretsManager::Secret': {
      const secretArn = arnOf('secretsmanager', `secret:${physicalName}-${shortId.slice(0, 6)}`);
      return { ref: secretArn, attributes: { Id: secretArn, Name: physicalName } };
    }
    case 'AWS::SQS::Queue':
      return { ref: physicalName, attributes: { Arn: arnOf('sqs', physicalName), QueueName: physicalName } };
    default:
      return { ref: shortId, attributes: {} };
  }
}

export function arnOf(service: string, path: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${path}`;
}

export function executeApiHost(apiId: string): string {
  return `${apiId}.execute-api.${region}.${urlSuffix}`;
}

/** Short and stable: `Message251322C6` of the template is `message` here, and so is `MessageFunction251322C6`. */
export function shortName(logicalId: string): string {
  // CDK appends eight hexadecimal digits to a construct's name.
  const name = logicalId.replace(/(Function)?[0-9A-F]{8}$/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
}
