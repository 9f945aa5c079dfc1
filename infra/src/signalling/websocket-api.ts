import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { explainWildcard } from '../explain.ts';
import type { Settings } from '../settings.ts';
import { accessLogs, allowAccessLogs } from './access-logs.ts';
import { webSocketThrottle } from './throttling.ts';

export interface WebSocketHandlers {
  readonly authorizer: IFunction;
  readonly connect: IFunction;
  readonly disconnect: IFunction;
  readonly message: IFunction;
}

/** What clients and media nodes connect to. */
export function createWebSocketApi(
  scope: Construct,
  { authorizer, connect, disconnect, message }: WebSocketHandlers,
  { allowAnonymous }: Settings,
): WebSocketApi {
  const api = new WebSocketApi(scope, 'Api', {
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
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'A WebSocket API asks its authorizer on $connect, and can on no other route: what it said of the connection accompanies each of its messages, and the function checks every one against that.',
  });
  return api;
}

export function createStage(
  scope: Construct,
  webSocketApi: WebSocketApi,
  options: { readonly settings: Settings; readonly removalPolicy: RemovalPolicy },
): WebSocketStage {
  const stage = new WebSocketStage(scope, 'Stage', {
    webSocketApi,
    stageName: 'live',
    autoDeploy: true,
    throttle: webSocketThrottle,
    ...accessLogs(scope, 'WebSocketAccess', options),
  });
  if (options.settings.accessLogs) stage.node.addDependency(allowAccessLogs(scope));
  return stage;
}

export type ConnectionVerb = 'DELETE' | 'GET' | 'POST';

/** Lets a role look at connections of the stage, post to them, or close them. */
export function grantConnections(
  { api, stack, stageName }: WebSocketStage,
  role: IRole,
  verbs: readonly ConnectionVerb[],
): void {
  // A reference across stacks has its final form only in synthesis: too late to be explained by name.
  const apiId = role.stack === stack ? api.apiId : stack.exportValue(api.apiId);
  const resources = verbs.map((verb) =>
    role.stack.formatArn({
      service: 'execute-api',
      resource: apiId,
      resourceName: `${stageName}/${verb}/@connections/*`,
    }),
  );
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['execute-api:ManageConnections'], resources }));
  for (const resource of resources) {
    explainWildcard(
      role,
      resource,
      'API Gateway gives each connection its id when it is opened. API, stage and verb are named.',
    );
  }
}
