import type { FunctionDefinition } from './function-definitions.ts';
import { TemplateError } from './intrinsics.ts';

export interface HttpRouteDefinition {
  /** `GET /v1/rooms/{room}` */
  readonly routeKey: string;
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly target: FunctionDefinition;
}

type Segment = { readonly literal: string } | { readonly parameter: string };

export interface HttpRouteMatch {
  readonly route: HttpRouteDefinition;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export function parseRoute(routeKey: string, target: FunctionDefinition): HttpRouteDefinition {
  const [, method, path] = /^(DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (\/\S*)$/.exec(routeKey) ?? [];
  if (method === undefined || path === undefined) throw new TemplateError(`the route ${routeKey} is not emulated`);
  const segments = path.split('/').map((segment): Segment => {
    const [, parameter] = /^\{([\w.-]+)\}$/.exec(segment) ?? [];
    if (parameter !== undefined) return { parameter };
    if (/[{}]/.test(segment)) throw new TemplateError(`the route ${routeKey} is not emulated`);
    return { literal: segment };
  });
  return { routeKey, method, segments, target };
}

/** The most specific of the routes that match: what is spelled out wins over a parameter, from the left. */
export function findRoute(
  routes: readonly HttpRouteDefinition[],
  method: string,
  path: string,
): HttpRouteMatch | undefined {
  const values = path.split('/');
  const [route] = routes
    .filter((candidate) => candidate.method === method && matches(candidate.segments, values))
    .sort((a, b) => (vagueness(a) < vagueness(b) ? -1 : 1));
  if (route === undefined) return undefined;
  const parameters = route.segments.flatMap((segment, index) =>
    'parameter' in segment ? [[segment.parameter, values[index] ?? ''] as const] : [],
  );
  return { route, pathParameters: Object.fromEntries(parameters) };
}

function matches(segments: readonly Segment[], values: readonly string[]): boolean {
  return (
    segments.length === values.length &&
    segments.every((segment, index) =>
      'literal' in segment ? segment.literal === values[index] : values[index] !== '',
    )
  );
}

/** Sorts as text. */
function vagueness({ segments }: HttpRouteDefinition): string {
  return segments.map((segment) => ('literal' in segment ? '0' : '1')).join('');
}
