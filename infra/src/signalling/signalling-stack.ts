import { join } from 'node:path';
import { CfnOutput, Duration, type RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { type HttpApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { removalPolicyOf } from '../cdk-app.ts';
import type { Settings } from '../settings.ts';
import type { FunctionName } from './bundle.ts';
import { createHttpApi } from './http-api.ts';
import { addWebhook } from './webhook.ts';

export interface SignallingStackProps extends StackProps {
  readonly settings: Settings;
  /** Folder of the bundled functions, `<folder>/<function name>/index.js`. */
  readonly functionsFolder: string;
}

interface FunctionSize {
  readonly memorySize: number;
  readonly timeout: Duration;
}

// Memory buys CPU: the SDK's import dominates a cold start. The gateway gives up on any integration after 29 s.
const sizes: Readonly<Record<FunctionName, FunctionSize>> = {
  api: { memorySize: 512, timeout: Duration.seconds(15) },
  authorizer: { memorySize: 256, timeout: Duration.seconds(5) },
  connect: { memorySize: 128, timeout: Duration.seconds(5) },
  disconnect: { memorySize: 256, timeout: Duration.seconds(15) },
  message: { memorySize: 512, timeout: Duration.seconds(15) },
  webhook: { memorySize: 256, timeout: Duration.seconds(15) },
};

// No Scan: nothing in the signalling path may read the whole table.
const tableActions = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

/**
 * The messaging node, the registry and the conference hyperty: a WebSocket API for clients and media nodes, an HTTP API
 * for back ends, their functions, one table, one secret; and if wanted an event bus, and a webhook behind it.
 */
export class SignallingStack extends Stack {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly httpApi: HttpApi;
  readonly table: Table;
  readonly tokenSecret: Secret;
  readonly functions: Readonly<Record<Exclude<FunctionName, 'webhook'>, LambdaFunction>>;
  readonly eventBus: EventBus | undefined;
  readonly webhookSecret: Secret | undefined;

  constructor(scope: Construct, id: string, props: SignallingStackProps) {
    super(scope, id, props);
    const removalPolicy = removalPolicyOf(props.settings);
    this.table = this.#createTable(removalPolicy);
    this.tokenSecret = new Secret(this, 'TokenSecret', {
      description: 'Signs the session tokens of Hyperroom',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    this.functions = {
      api: this.#createFunction('api', props, removalPolicy),
      authorizer: this.#createFunction('authorizer', props, removalPolicy),
      connect: this.#createFunction('connect', props, removalPolicy),
      disconnect: this.#createFunction('disconnect', props, removalPolicy),
      message: this.#createFunction('message', props, removalPolicy),
    };
    this.api = this.#createApi(props);
    this.stage = new WebSocketStage(this, 'Stage', { webSocketApi: this.api, stageName: 'live', autoDeploy: true });
    this.httpApi = createHttpApi(this, this.functions.api);
    this.#connectFunctions(props);
    const { events, webhookUrl } = props.settings;
    this.eventBus = events || webhookUrl !== undefined ? this.#createEventBus() : undefined;
    if (this.eventBus !== undefined && webhookUrl !== undefined) {
      const handler = this.#createFunction('webhook', props, removalPolicy);
      this.webhookSecret = addWebhook(this, { url: webhookUrl, bus: this.eventBus, handler, removalPolicy });
    }
    this.#createOutputs();
  }

  #createTable(removalPolicy: RemovalPolicy): Table {
    // Table, not TableV2: that one becomes a GlobalTable, which emulators of AWS mishandle.
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'ttl',
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'byConnection',
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    // By what the domain registry is searched.
    for (const key of ['User', 'Guid', 'Name', 'Reporter']) {
      table.addGlobalSecondaryIndex({
        indexName: `by${key}`,
        partitionKey: { name: `registered${key}`, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    // Sparse: only room items have the attribute.
    table.addGlobalSecondaryIndex({
      indexName: 'byListing',
      partitionKey: { name: 'listed', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // Sparse likewise: the rooms of a media node.
    table.addGlobalSecondaryIndex({
      indexName: 'byNode',
      partitionKey: { name: 'node', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return table;
  }

  #createFunction(name: FunctionName, props: SignallingStackProps, removalPolicy: RemovalPolicy): LambdaFunction {
    // The WebSocket API was `Api` first: under another name it would be replaced, and get another URL.
    const id = name === 'api' ? 'ApiFunction' : name.charAt(0).toUpperCase() + name.slice(1);
    const logGroup = new LogGroup(this, `${id}Logs`, { retention: props.settings.logRetentionDays, removalPolicy });
    // A role of our own: the one Function makes may write to every log group of the account.
    const role = new Role(this, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return new LambdaFunction(this, id, {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(props.functionsFolder, name)),
      handler: 'index.handler',
      role,
      logGroup,
      ...sizes[name],
      environment: {
        DOMAIN: props.settings.domain,
        ALLOW_ANONYMOUS: String(props.settings.allowAnonymous),
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
  }

  #createApi({ settings }: SignallingStackProps): WebSocketApi {
    const { authorizer, connect, disconnect, message } = this.functions;
    return new WebSocketApi(this, 'Api', {
      description: 'Hyperroom signalling',
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration('ConnectIntegration', connect),
        // With an identity source API Gateway answers 401 by itself to whoever brings no token.
        authorizer: new WebSocketLambdaAuthorizer('TokenAuthorizer', authorizer, {
          identitySource: settings.allowAnonymous ? [] : ['route.request.querystring.token'],
        }),
      },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('DisconnectIntegration', disconnect) },
      defaultRouteOptions: { integration: new WebSocketLambdaIntegration('MessageIntegration', message) },
    });
  }

  #connectFunctions({ settings: { oidc } }: SignallingStackProps): void {
    const { api, authorizer, disconnect, message } = this.functions;
    api.addEnvironment('SIGNALLING_URL', this.stage.url);
    for (const handler of [api, authorizer]) {
      handler.addEnvironment('TOKEN_SECRET_ARN', this.tokenSecret.secretArn);
      this.tokenSecret.grantRead(handler);
      if (oidc === undefined) continue;
      handler.addEnvironment('OIDC_ISSUER', oidc.issuer);
      handler.addEnvironment('OIDC_AUDIENCE', oidc.audience);
    }
    for (const handler of [api, disconnect, message]) {
      handler.addEnvironment('TABLE_NAME', this.table.tableName);
      handler.addEnvironment('MANAGEMENT_ENDPOINT', this.stage.callbackUrl);
      this.table.grant(handler, ...tableActions);
      this.stage.grantManagementApiAccess(handler);
    }
  }

  #createEventBus(): EventBus {
    const bus = new EventBus(this, 'Events', { description: 'What happens in the rooms of Hyperroom' });
    const { api, disconnect, message } = this.functions;
    for (const handler of [api, disconnect, message]) {
      handler.addEnvironment('EVENT_BUS_NAME', bus.eventBusName);
      bus.grantPutEventsTo(handler);
    }
    return bus;
  }

  #createOutputs(): void {
    const outputs = {
      SignallingUrl: this.stage.url,
      ManagementEndpoint: this.stage.callbackUrl,
      HttpApiUrl: this.httpApi.apiEndpoint,
      TableName: this.table.tableName,
      TokenSecretArn: this.tokenSecret.secretArn,
      ...(this.eventBus && { EventBusName: this.eventBus.eventBusName }),
      ...(this.webhookSecret && { WebhookSecretArn: this.webhookSecret.secretArn }),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
