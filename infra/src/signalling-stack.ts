import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { FunctionName } from './bundle.ts';

export interface SignallingStackProps extends StackProps {
  /** The reTHINK domain of every address this deployment owns. */
  readonly domain: string;
  /** Admit clients without a token. */
  readonly allowAnonymous: boolean;
  /** What becomes of the table, the secret and the logs when the stack is deleted. Default: RETAIN. */
  readonly removalPolicy?: RemovalPolicy;
  /** Folder of the bundled functions, `<folder>/<function name>/index.js`. */
  readonly functionsFolder: string;
}

interface FunctionSize {
  readonly memorySize: number;
  readonly timeout: Duration;
}

// Memory buys CPU: the SDK's import dominates a cold start. The gateway gives up on any integration after 29 s.
const sizes: Readonly<Record<FunctionName, FunctionSize>> = {
  authorizer: { memorySize: 256, timeout: Duration.seconds(5) },
  connect: { memorySize: 128, timeout: Duration.seconds(5) },
  disconnect: { memorySize: 256, timeout: Duration.seconds(15) },
  message: { memorySize: 512, timeout: Duration.seconds(15) },
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

/** The messaging node, the registry and the conference hyperty: a WebSocket API, four functions, one table, one secret. */
export class SignallingStack extends Stack {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly table: Table;
  readonly tokenSecret: Secret;
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;

  constructor(scope: Construct, id: string, props: SignallingStackProps) {
    super(scope, id, props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.table = this.#createTable(removalPolicy);
    this.tokenSecret = new Secret(this, 'TokenSecret', {
      description: 'Signs the session tokens of Hyperroom',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    this.functions = {
      authorizer: this.#createFunction('authorizer', props, removalPolicy),
      connect: this.#createFunction('connect', props, removalPolicy),
      disconnect: this.#createFunction('disconnect', props, removalPolicy),
      message: this.#createFunction('message', props, removalPolicy),
    };
    this.api = this.#createApi(props);
    this.stage = new WebSocketStage(this, 'Stage', { webSocketApi: this.api, stageName: 'live', autoDeploy: true });
    this.#connectFunctions();
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
    return table;
  }

  #createFunction(name: FunctionName, props: SignallingStackProps, removalPolicy: RemovalPolicy): LambdaFunction {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    const logGroup = new LogGroup(this, `${id}Logs`, { retention: RetentionDays.ONE_MONTH, removalPolicy });
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
        DOMAIN: props.domain,
        ALLOW_ANONYMOUS: String(props.allowAnonymous),
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
  }

  #createApi({ allowAnonymous }: SignallingStackProps): WebSocketApi {
    const { authorizer, connect, disconnect, message } = this.functions;
    return new WebSocketApi(this, 'Api', {
      description: 'Hyperroom signalling',
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration('ConnectIntegration', connect),
        // With an identity source API Gateway answers 401 by itself to whoever brings no token.
        authorizer: new WebSocketLambdaAuthorizer('TokenAuthorizer', authorizer, {
          identitySource: allowAnonymous ? [] : ['route.request.querystring.token'],
        }),
      },
      disconnectRouteOptions: { integration: new WebSocketLambdaIntegration('DisconnectIntegration', disconnect) },
      defaultRouteOptions: { integration: new WebSocketLambdaIntegration('MessageIntegration', message) },
    });
  }

  #connectFunctions(): void {
    const { authorizer, disconnect, message } = this.functions;
    authorizer.addEnvironment('TOKEN_SECRET_ARN', this.tokenSecret.secretArn);
    this.tokenSecret.grantRead(authorizer);
    for (const handler of [disconnect, message]) {
      handler.addEnvironment('TABLE_NAME', this.table.tableName);
      handler.addEnvironment('MANAGEMENT_ENDPOINT', this.stage.callbackUrl);
      this.table.grant(handler, ...tableActions);
      this.stage.grantManagementApiAccess(handler);
    }
  }

  #createOutputs(): void {
    const outputs = {
      SignallingUrl: this.stage.url,
      ManagementEndpoint: this.stage.callbackUrl,
      TableName: this.table.tableName,
      TokenSecretArn: this.tokenSecret.secretArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
