import type { Template } from '@hyperroom/infra';
import { type ApiDefinition, type HttpApiDefinition, readHttpApi, readWebSocketApi } from './api-definitions.ts';
import { type EventBusDefinition, readEventBuses } from './event-definitions.ts';
import { type FunctionDefinition, readFunctions } from './function-definitions.ts';
import { type Deployed, deployedOf, scopeOf, shortName } from './identities.ts';
import { resolve } from './intrinsics.ts';
import { type AlarmDefinition, readAlarms } from './metrics-alarms.ts';

export interface TableDefinition {
  readonly name: string;
  readonly arn: string;
  readonly ttlAttribute: string | undefined;
  /** Input of the CreateTable operation. */
  readonly createInput: Readonly<Record<string, unknown>>;
}

export interface SecretDefinition {
  /** See shortName. */
  readonly name: string;
  readonly physicalName: string;
  readonly arn: string;
}

export interface Deployment {
  readonly api: ApiDefinition;
  readonly httpApi: HttpApiDefinition;
  readonly functions: readonly FunctionDefinition[];
  readonly tables: readonly TableDefinition[];
  readonly secrets: readonly SecretDefinition[];
  readonly eventBuses: readonly EventBusDefinition[];
  readonly alarms: readonly AlarmDefinition[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources of types the emulator knows nothing of. */
  readonly ignored: readonly string[];
}

/*
 * The gateways and the event bus here may invoke every function; what functions print goes to whoever started the emulator; an alarm is
 * shown to whoever looks; and how much API Gateway may log is a setting of the account.
 */
const inertTypes = [
  'AWS::ApiGateway::Account',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
];
const interpretedTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::SecretsManager::Secret',
];

/** Reads from a synthesised template what there would be, had CloudFormation deployed it. */
export function readDeployment(template: Template): Deployment {
  const scope = scopeOf(template);
  const ofType = deployedOf(template, scope);
  const functions = readFunctions(ofType);
  return {
    api: readWebSocketApi(ofType, functions),
    httpApi: readHttpApi(ofType, functions),
    functions,
    tables: ofType('AWS::DynamoDB::Table').map(readTable),
    secrets: ofType('AWS::SecretsManager::Secret').map(readSecret),
    eventBuses: readEventBuses(ofType, functions),
    alarms: readAlarms(ofType),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => [name, String(resolve(Value, scope))]),
    ),
    ignored: Object.entries(template.Resources)
      .filter(([, { Type }]) => !inertTypes.includes(Type) && !interpretedTypes.includes(Type))
      .map(([logicalId, { Type }]) => `${logicalId}: ${Type} is not emulated`),
  };
}

function readTable({ properties, identity }: Deployed): TableDefinition {
  const ttl = properties.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean } | undefined;
  const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes, LocalSecondaryIndexes } = properties;
  return {
    name: identity.ref,
    arn: identity.attributes.Arn ?? '',
    ttlAttribute: ttl?.Enabled === true ? ttl.AttributeName : undefined,
    createInput: {
      TableName: identity.ref,
      AttributeDefinitions,
      KeySchema,
      BillingMode,
      ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
      ...(LocalSecondaryIndexes === undefined ? {} : { LocalSecondaryIndexes }),
    },
  };
}

function readSecret({ logicalId, identity }: Deployed): SecretDefinition {
  return { name: shortName(logicalId), physicalName: identity.attributes.Name ?? '', arn: identity.ref };
}
