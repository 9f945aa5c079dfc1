import type { Verdict } from '../tokens/verifier.ts';
import { Fault, failure, type HttpEvent, type HttpResult, success } from './http.ts';
import { grantsOf } from './permissions.ts';
import type { Route, Services } from './route.ts';
import { routes } from './routes.ts';

export interface ApiDependencies extends Services {
  readonly verify: (token: string) => Promise<Verdict>;
}

/** The HTTP API, by which back ends run rooms. */
export function httpApi({ verify, ...services }: ApiDependencies): (event: HttpEvent) => Promise<HttpResult> {
  const known: ReadonlyMap<string, Route> = new Map(Object.entries(routes));

  return async (event) => {
    try {
      const grants = await grantsOf(event, verify);
      const route = known.get(event.routeKey);
      if (!route) throw new Fault('not-found', 'no such operation');
      const answer = await route.respond(event, grants, services);
      return success(route.status, route.answer && answer);
    } catch (error) {
      return failure(error);
    }
  };
}
