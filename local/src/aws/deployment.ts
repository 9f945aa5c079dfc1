import { createHash } from 'node:crypto';
import type { Template, TemplateResource } from '@hyperroom/infra';
import { type ResourceIdentity, resolve, type Scope, TemplateError } from './intrinsics.ts';
import type { Statement } from './permissions.ts';

export const region = 'us-east-1';
const accountId = '000000000000';

const stackName = 'HyperroomSignalling';
const urlSuffix = 'amazonaws.com';

export interface FunctionDefinition {
  /** Short and stable: `Message251322C6` of the template is `message` here. */
  readonly name: string;
  readonly physicalName: string;
  readonly arn: string;
  /** S3 key under which the stack's assets hold the code. */
  readonly codeKey: string;
  /** `file.export` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What its role may do. */
  readonly permissions: readonly Statement[];
}

export interface AuthorizerDefinition {
  readonly function: FunctionDefinition;
  readonly identitySources: readonly string[];
}

export interface ApiDefinition {
  readonly id: string;
  /** `arn:aws:execute-api:<region>:<account>:<id>/<stage>` */
  readonly arn: string;
  readonly stage: string;
  /** `<id>.execute-api.<region>.amazonaws.com` */
  readonly host: string;
  readonly routeSelectionExpression: string;
  readonly routes: ReadonlyMap<string, FunctionDefinition>;
  readonly authorizer: AuthorizerDefinition | undefined;
}

export interface TableDefinition {
  readonly name: string;
  readonly arn: string;
  readonly ttlAttribute: string | undefined;
  /** Input of the CreateTable operation. */
  readonly createInput: Readonly<Record<string, unknown>>;
}

export interface SecretDefinition {
  readonly arn: string;
  readonly name: string;
}

export interface Deployment {
  readonly api: ApiDefinition;
  readonly functions: readonly FunctionDefinition[];
  readonly tables: readonly TableDefinition[];
  readonly secrets: readonly SecretDefinition[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources of types the emulator knows nothing of. */
  readonly ignored: readonly string[];
}

type Properties = Readonly<Record<string, unknown>>;

interface Deployed {
  readonly logicalId: string;
  readonly properties: Properties;
  readonly identity: ResourceIdentity;
}

// The gateway here may invoke every function, and what they print goes to whoever started the emulator.
const inertTypes = ['AWS::IAM::Role', 'AWS::Lambda::Permission', 'AWS::Logs::LogGroup'];
const interpretedTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::Lambda::Function',
  'AWS::SecretsManager::Secret',
];

/** Reads from a synthesised template what there would be, had CloudFormation deployed it. */
export function readDeployment(template: Template): Deployment {
  const scope: Scope = {
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
  const ofType = (type: string): Deployed[] =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({
        logicalId,
        properties: resolve(resource.Properties ?? {}, scope) as Properties,
        identity: identify(logicalId, resource),
      }));
  const policies = ofType('AWS::IAM::Policy');
  const functions = ofType('AWS::Lambda::Function').map((deployed) => readFunction(deployed, policies));
  return {
    api: readApi(ofType, functions),
    functions,
    tables: ofType('AWS::DynamoDB::Table').map(readTable),
    secrets: ofType('AWS::SecretsManager::Secret').map(({ identity }) => ({
      arn: identity.ref,
      name: identity.attributes.Name ?? '',
    })),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => [name, String(resolve(Value, scope))]),
    ),
    ignored: Object.entries(template.Resources)
      .filter(([, { Type }]) => !inertTypes.includes(Type) && !interpretedTypes.includes(Type))
      .map(([logicalId, { Type }]) => `${logicalId}: ${Type} is not emulated`),
  };
}

function identify(logicalId: string, resource: TemplateResource): ResourceIdentity {
  const physicalName = `${stackName}-${logicalId}`;
  const shortId = createHash('sha256').update(logicalId).digest('hex').slice(0, 10);
  switch (resource.Type) {
    case 'AWS::ApiGatewayV2::Api':
      return { ref: shortId, attributes: { ApiId: shortId, ApiEndpoint: `wss://${executeApiHost(shortId)}` } };
    case 'AWS::ApiGatewayV2::Stage':
      return { ref: String(resource.Properties?.StageName ?? '$default'), attributes: {} };
    case 'AWS::DynamoDB::Table':
      return { ref: physicalName, attributes: { Arn: arnOf('dynamodb', `table/${physicalName}`) } };
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
    default:
      return { ref: shortId, attributes: {} };
  }
}

function arnOf(service: string, path: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${path}`;
}

function executeApiHost(apiId: string): string {
  return `${apiId}.execute-api.${region}.${urlSuffix}`;
}

function readFunction(
  { logicalId, properties, identity }: Deployed,
  policies: readonly Deployed[],
): FunctionDefinition {
  const code = properties.Code as { readonly S3Key?: string } | undefined;
  const environment = properties.Environment as { readonly Variables?: Record<string, string> } | undefined;
  if (code?.S3Key === undefined) throw new TemplateError(`${logicalId}: only code from an asset is emulated`);
  return {
    name: shortName(logicalId),
    physicalName: identity.ref,
    arn: identity.attributes.Arn ?? '',
    codeKey: code.S3Key,
    handler: String(properties.Handler),
    memoryMb: Number(properties.MemorySize ?? 128),
    timeoutMs: Number(properties.Timeout ?? 3) * 1000,
    environment: environment?.Variables ?? {},
    permissions: policies.flatMap((policy) => statementsFor(String(properties.Role), policy)),
  };
}

function statementsFor(roleArn: string, { properties }: Deployed): readonly Statement[] {
  const roles = properties.Roles as readonly string[];
  if (!roles.some((role) => roleArn.endsWith(`:role/${role}`))) return [];
  return (properties.PolicyDocument as { Statement: readonly Statement[] }).Statement;
}

// CDK appends eight hexadecimal digits to a construct's name.
function shortName(logicalId: string): string {
  const name = logicalId.replace(/[0-9A-F]{8}$/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
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

function readApi(ofType: (type: string) => Deployed[], functions: readonly FunctionDefinition[]): ApiDefinition {
  const api = onlyOne(ofType('AWS::ApiGatewayV2::Api'), 'AWS::ApiGatewayV2::Api');
  const stage = onlyOne(ofType('AWS::ApiGatewayV2::Stage'), 'AWS::ApiGatewayV2::Stage');
  const behind = (uri: unknown): FunctionDefinition => {
    const found = functions.find(({ arn }) => String(uri).includes(`/functions/${arn}/`));
    if (found === undefined) throw new TemplateError(`no function behind ${String(uri)}`);
    return found;
  };
  const integrations = new Map(
    ofType('AWS::ApiGatewayV2::Integration').map(({ identity, properties }) => [
      `integrations/${identity.ref}`,
      behind(properties.IntegrationUri),
    ]),
  );
  const routes = ofType('AWS::ApiGatewayV2::Route');
  const authorizerId = routes.find(({ properties }) => properties.RouteKey === '$connect')?.properties.AuthorizerId;
  const authorizer = ofType('AWS::ApiGatewayV2::Authorizer').find(({ identity }) => identity.ref === authorizerId);
  return {
    id: api.identity.ref,
    arn: arnOf('execute-api', `${api.identity.ref}/${stage.identity.ref}`),
    stage: stage.identity.ref,
    host: executeApiHost(api.identity.ref),
    routeSelectionExpression: String(api.properties.RouteSelectionExpression ?? ''),
    routes: new Map(
      routes.map(({ logicalId, properties }) => {
        const target = integrations.get(String(properties.Target));
        if (target === undefined) throw new TemplateError(`${logicalId}: no integration ${String(properties.Target)}`);
        return [String(properties.RouteKey), target];
      }),
    ),
    authorizer: authorizer && {
      function: behind(authorizer.properties.AuthorizerUri),
      identitySources: (authorizer.properties.IdentitySource ?? []) as string[],
    },
  };
}

function onlyOne(found: readonly Deployed[], type: string): Deployed {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new TemplateError(`expected one ${type}, found ${found.length}`);
  return first;
}
