import { CfnOutput, type RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { HttpApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { removalPolicyOf } from '../cdk-app.ts';
import { addAlarms } from '../operations/index.ts';
import type { Settings } from '../settings.ts';
import type { FunctionName } from './bundle-functions.ts';
import { createFunction, type RoledFunction } from './functions.ts';
import { createHttpApi } from './http-api.ts';
import { createSecret, grantValue } from './secrets.ts';
import { createTable, grantItems, grantTable, type ItemAction } from './table.ts';
import { addWebhook, type Webhook } from './webhook.ts';
import { type ConnectionVerb, createStage, createWebSocketApi, grantConnections } from './websocket-api.ts';

export interface SignallingStackProps extends StackProps {
  readonly settings: Settings;
  /** Folder of the bundled functions, `<folder>/<function name>/index.js`. */
  readonly functionsFolder: string;
}

type Functions = Readonly<Record<Exclude<FunctionName, 'admit' | 'webhook'>, RoledFunction>>;

/** What the functions that change rooms do with the table and with connections. */
const rights: Readonly<
  Record<'api' | 'disconnect' | 'message', { items: readonly ItemAction[]; verbs: readonly ConnectionVerb[] }>
> = {
  api: { items: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'], verbs: ['GET', 'POST'] },
  // Nothing begins with the end of a connection: it puts nothing new.
  disconnect: { items: ['BatchGetItem', 'DeleteItem', 'GetItem', 'UpdateItem'], verbs: ['GET', 'POST'] },
  message: {
    items: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
    verbs: ['DELETE', 'GET', 'POST'],
  },
};

/** An emulator has nobody to look at these, and may not take them. */
const ofNoAccount = { accessLogs: false, tracing: false };

/**
 * The messaging node, the registry and the conference hyperty: a WebSocket API for clients and media nodes, an HTTP API
 * for back ends, their functions, one table, the secrets; and if wanted an event bus, and a webhook behind it.
 */
export class SignallingStack extends Stack {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly httpApi: HttpApi;
  readonly table: Table;
  /** Signs the tokens of participants and back ends. */
  readonly tokenSecret: Secret;
  /** Signs the tokens of media nodes, and no others: it is all that a media host knows. */
  readonly nodeSecret: Secret;
  /** Signs the credentials for TURN servers, which media nodes hand out. */
  readonly turnSecret: Secret | undefined;
  readonly functions: Functions;
  readonly eventBus: EventBus | undefined;
  readonly webhook: Webhook | undefined;

  constructor(scope: Construct, id: string, { settings: given, functionsFolder, ...props }: SignallingStackProps) {
    super(scope, id, { description: 'Hyperroom signalling', ...props });
    const settings = given.emulated ? { ...given, ...ofNoAccount } : given;
    const removalPolicy = removalPolicyOf(settings);
    const options = { settings, functionsFolder, removalPolicy };
    this.table = createTable(this, removalPolicy);
    this.tokenSecret = this.#secret('TokenSecret', 'Signs the session tokens of Hyperroom', removalPolicy);
    this.nodeSecret = this.#secret('NodeSecret', 'Signs the tokens of the media nodes of Hyperroom', removalPolicy);
    this.turnSecret = settings.turn
      ? this.#secret('TurnSecret', 'Signs the TURN credentials of Hyperroom', removalPolicy)
      : undefined;
    this.functions = {
      api: createFunction(this, 'api', options),
      authorizer: createFunction(this, 'authorizer', options),
      connect: createFunction(this, settings.emulated ? 'admit' : 'connect', options),
      disconnect: createFunction(this, 'disconnect', options),
      message: createFunction(this, 'message', options),
    };
    this.api = createWebSocketApi(this, this.functions, settings);
    this.stage = createStage(this, this.api, options);
    this.httpApi = createHttpApi(this, this.functions.api, options);
    this.#grant(settings);
    if (settings.emulated) this.#keepContexts();
    this.#configure(settings);
    const { events, webhookUrl } = settings;
    this.eventBus = events || webhookUrl !== undefined ? this.#createEventBus() : undefined;
    if (this.eventBus !== undefined && webhookUrl !== undefined) {
      const handler = createFunction(this, 'webhook', options);
      this.webhook = addWebhook(this, { url: webhookUrl, bus: this.eventBus, handler, removalPolicy });
    }
    if (!settings.emulated) this.#addAlarms(settings);
    this.#createOutputs(settings);
  }

  #secret(id: string, description: string, removalPolicy: RemovalPolicy): Secret {
    return createSecret(this, id, { description, removalPolicy });
  }

  #addAlarms(settings: Settings): void {
    addAlarms(this, {
      settings,
      functions: this.functions,
      table: this.table,
      ...(this.webhook && { deadLetterQueues: { Webhook: this.webhook.undelivered } }),
    });
  }

  /** Those who check what tokens connect. */
  #doorkeepers({ emulated }: Settings): RoledFunction[] {
    const { authorizer, connect } = this.functions;
    return emulated ? [authorizer, connect] : [authorizer];
  }

  #grant(settings: Settings): void {
    const { api, disconnect, message } = this.functions;
    for (const handler of [api, ...this.#doorkeepers(settings)]) {
      handler.addEnvironment('TOKEN_SECRET_ARN', this.tokenSecret.secretArn);
      grantValue(this.tokenSecret, handler);
    }
    for (const handler of this.#doorkeepers(settings)) {
      handler.addEnvironment('NODE_SECRET_ARN', this.nodeSecret.secretArn);
      grantValue(this.nodeSecret, handler);
    }
    for (const [name, handler] of Object.entries({ api, disconnect, message })) {
      handler.addEnvironment('TABLE_NAME', this.table.tableName);
      handler.addEnvironment('MANAGEMENT_ENDPOINT', this.stage.callbackUrl);
      const { items, verbs } = rights[name as keyof typeof rights];
      grantTable(this.table, handler, items);
      grantConnections(this.stage, handler.role, verbs);
    }
  }

  /** What an authorizer finds out accompanies each event, except on emulators that ask none. */
  #keepContexts(): void {
    const { connect, disconnect, message } = this.functions;
    connect.addEnvironment('TABLE_NAME', this.table.tableName);
    grantItems(this.table, connect, ['PutItem']);
    for (const handler of [disconnect, message]) handler.addEnvironment('CONTEXT_IN_TABLE', 'true');
  }

  #configure(settings: Settings): void {
    const { allowedOrigins, media, mediaMinNodes, oidc } = settings;
    const { api, connect, message } = this.functions;
    api.addEnvironment('SIGNALLING_URL', this.stage.url);
    if (!allowedOrigins.includes('*')) connect.addEnvironment('ALLOWED_ORIGINS', allowedOrigins.join(','));
    // Who finds no media node waits for one, and is counted: that is what starts it.
    if (media && mediaMinNodes === 0) message.addEnvironment('STARTS_NODES', 'true');
    if (oidc === undefined) return;
    for (const handler of [api, ...this.#doorkeepers(settings)]) {
      handler.addEnvironment('OIDC_ISSUER', oidc.issuer);
      handler.addEnvironment('OIDC_AUDIENCE', oidc.audience);
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

  #createOutputs(settings: Settings): void {
    const outputs = {
      SignallingUrl: this.stage.url,
      ManagementEndpoint: this.stage.callbackUrl,
      HttpApiUrl: this.httpApi.apiEndpoint,
      TableName: this.table.tableName,
      TokenSecretArn: this.tokenSecret.secretArn,
      NodeSecretArn: this.nodeSecret.secretArn,
      ...(this.turnSecret && { TurnSecretArn: this.turnSecret.secretArn }),
      ...(this.eventBus && { EventBusName: this.eventBus.eventBusName }),
      ...(this.webhook && { WebhookSecretArn: this.webhook.secret.secretArn }),
      NextStep: this.#nextStep(settings),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  /** What whoever has deployed this does next. */
  #nextStep({ allowAnonymous, domain }: Settings): string {
    if (allowAnonymous) return 'Open the DemoUrl of the stack HyperroomWeb, or give SignallingUrl to the SDK';
    const value = `aws secretsmanager get-secret-value --secret-id ${this.tokenSecret.secretArn} --query SecretString --output text`;
    return `npm run token -- --user user://${domain}/ada --name Ada --secret "$(${value})" makes a token: add ?token=... to the DemoUrl of the stack HyperroomWeb, or give it to the SDK with SignallingUrl`;
  }
}
