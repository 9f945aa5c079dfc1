import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type HttpRoute, httpRoutes } from './http-routes.ts';

/** The API that back ends call. Its function checks their token itself: no authorizer, no CORS, for no page calls it. */
export function createHttpApi(scope: Construct, handler: IFunction): HttpApi {
  const api = new HttpApi(scope, 'HttpApi', { description: 'Hyperroom rooms, for back ends' });
  // One permission for the whole API: one for each route would come near to the size a function's policy may have.
  const integration = new HttpLambdaIntegration('ApiIntegration', handler, { scopePermissionToRoute: false });
  for (const route of httpRoutes) api.addRoutes({ ...partsOf(route), integration });
  return api;
}

function partsOf(route: HttpRoute): { path: string; methods: HttpMethod[] } {
  const [method, path = ''] = route.split(' ');
  return { path, methods: [HttpMethod[method as keyof typeof HttpMethod]] };
}
