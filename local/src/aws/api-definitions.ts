import { type FunctionDefinition, functionBehind } from './function-definitions.ts';
import { type HttpRouteDefinition, parseRoute } from './http-routes.ts';
import { arnOf, type Deployed, executeApiHost, type OfType } from './identities.ts';
import { TemplateError } from './intrinsics.ts';
import type { RouteThrottling } from './limits.ts';

export interface AuthorizerDefinition {
  readonly function: FunctionDefinition;
  readonly identitySources: readonly string[];
}

/** A WebSocket API. */
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
  /** Undefined: the account's limits alone. */
  readonly throttling: RouteThrottling | undefined;
}

export interface HttpApiDefinition {
  readonly id: string;
  /** `<id>.execute-api.<region>.amazonaws.com` */
  readonly host: string;
  readonly routes: readonly HttpRouteDefinition[];
  readonly throttling: RouteThrottling | undefined;
}

export function readWebSocketApi(ofType: OfType, functions: readonly FunctionDefinition[]): ApiDefinition {
  const { api, stage, routes, throttling } = readApi('WEBSOCKET', ofType, functions);
  const connect = routes.find(({ routeKey }) => routeKey === '$connect');
  const authorizer = ofType('AWS::ApiGatewayV2::Authorizer').find(({ identity }) => {
    return identity.ref === connect?.authorizerId;
  });
  return {
    id: api.identity.ref,
    arn: arnOf('execute-api', `${api.identity.ref}/${stage}`),
    stage,
    host: executeApiHost(api.identity.ref),
    routeSelectionExpression: String(api.properties.RouteSelectionExpression ?? ''),
    routes: new Map(routes.map(({ routeKey, target }) => [routeKey, target])),
    authorizer: authorizer && {
      function: functionBehind(functions, authorizer.properties.AuthorizerUri),
      identitySources: (authorizer.properties.IdentitySource ?? []) as string[],
    },
    throttling,
  };
}

export function readHttpApi(ofType: OfType, functions: readonly FunctionDefinition[]): HttpApiDefinition {
  const { api, stage, routes, throttling } = readApi('HTTP', ofType, functions);
  if (stage !== '$default') throw new TemplateError(`${api.logicalId}: only the stage $default is emulated`);
  return {
    id: api.identity.ref,
    host: executeApiHost(api.identity.ref),
    routes: routes.map(({ routeKey, target, authorizerId }) => {
      if (authorizerId !== undefined) throw new TemplateError(`${routeKey}: an authorizer is not emulated here`);
      return parseRoute(routeKey, target);
    }),
    throttling,
  };
}

interface ApiParts {
  readonly api: Deployed;
  readonly stage: string;
  readonly throttling: RouteThrottling | undefined;
  readonly routes: readonly {
    readonly routeKey: string;
    readonly target: FunctionDefinition;
    readonly authorizerId: unknown;
  }[];
}

function readApi(protocol: string, ofType: OfType, functions: readonly FunctionDefinition[]): ApiParts {
  const apis = ofType('AWS::ApiGatewayV2::Api').filter(({ properties }) => properties.ProtocolType === protocol);
  const api = onlyOne(apis, `AWS::ApiGatewayV2::Api of protocol ${protocol}`);
  const ofApi = (type: string) => ofType(type).filter(({ properties }) => properties.ApiId === api.identity.ref);
  const stage = onlyOne(ofApi('AWS::ApiGatewayV2::Stage'), `AWS::ApiGatewayV2::Stage of ${api.logicalId}`);
  const integrations = new Map(
    ofApi('AWS::ApiGatewayV2::Integration').map(({ identity, properties }) => [
      `integrations/${identity.ref}`,
      functionBehind(functions, properties.IntegrationUri),
    ]),
  );
  return {
    api,
    stage: stage.identity.ref,
    throttling: readThrottling(stage),
    routes: ofApi('AWS::ApiGatewayV2::Route').map(({ logicalId, properties }) => {
      const target = integrations.get(String(properties.Target));
      if (target === undefined) throw new TemplateError(`${logicalId}: no integration ${String(properties.Target)}`);
      return { routeKey: String(properties.RouteKey), target, authorizerId: properties.AuthorizerId };
    }),
  };
}

function readThrottling({ logicalId, properties }: Deployed): RouteThrottling | undefined {
  const { RouteSettings: ofRoutes, DefaultRouteSettings: ofAll = {} } = properties;
  if (ofRoutes !== undefined) throw new TemplateError(`${logicalId}: settings of single routes are not emulated`);
  const { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: burst } = ofAll as Record<string, unknown>;
  if (perSecond === undefined && burst === undefined) return undefined;
  if (typeof perSecond === 'number' && typeof burst === 'number') return { perSecond, burst };
  throw new TemplateError(`${logicalId}: a rate and a burst go together`);
}

function onlyOne(found: readonly Deployed[], what: string): Deployed {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new TemplateError(`expected one ${what}, found ${found.length}`);
  return first;
}
