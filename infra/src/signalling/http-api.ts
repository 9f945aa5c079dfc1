import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { accessLogs } from './access-logs.ts';
import { type HttpRoute, httpRoutes } from './http-routes.ts';
import { httpThrottle } from './throttling.ts';

/**
 * The API that back ends call. Its function checks their token itself: no authorizer. No CORS, for no page calls it: it
 * takes tokens of role `server` only, and one of these in a page would be anybody's.
 */
export function createHttpApi(
  scope: Construct,
  handler: IFunction,
  options: { readonly settings: Settings; readonly removalPolicy: RemovalPolicy },
): HttpApi {
  const api = new HttpApi(scope, 'HttpApi', {
    description: 'Hyperroom rooms, for back ends',
    createDefaultStage: false,
  });
  // The id of the stage that HttpApi makes by itself: under another CloudFormation would make it twice.
  new HttpStage(api, 'DefaultStage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: httpThrottle,
    ...accessLogs(scope, 'HttpAccess', options),
  });
  // One permission for the whole API: one for each route would come near to the size a function's policy may have.
  const integration = new HttpLambdaIntegration('ApiIntegration', handler, { scopePermissionToRoute: false });
  for (const route of httpRoutes) api.addRoutes({ ...partsOf(route), integration });
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'The function behind every route verifies the signature, expiry, role and grants of the bearer token, and answers 401 or 403 in the form that the API documents.',
  });
  return api;
}

function partsOf(route: HttpRoute): { path: string; methods: HttpMethod[] } {
  const [method, path = ''] = route.split(' ');
  return { path, methods: [HttpMethod[method as keyof typeof HttpMethod]] };
}
