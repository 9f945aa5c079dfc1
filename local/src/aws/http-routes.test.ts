import { expect, test } from 'vitest';
import type { FunctionDefinition } from './function-definitions.ts';
import { findRoute, parseRoute } from './http-routes.ts';

const target = {} as FunctionDefinition;
// The least specific first: their order must not matter.
const routes = [
  'GET /rooms/{room}/{what}',
  'GET /rooms/{room}/participants',
  'GET /rooms/all/{what}',
  'POST /rooms',
].map((routeKey) => parseRoute(routeKey, target));

test.each([
  ['GET', '/rooms/a/participants', 'GET /rooms/{room}/participants', { room: 'a' }],
  ['GET', '/rooms/a/metadata', 'GET /rooms/{room}/{what}', { room: 'a', what: 'metadata' }],
  ['GET', '/rooms/all/participants', 'GET /rooms/all/{what}', { what: 'participants' }],
  ['POST', '/rooms', 'POST /rooms', {}],
])('%s %s goes to %s', (method, path, routeKey, pathParameters) => {
  const match = findRoute(routes, method, path);
  expect(match?.route.routeKey).toBe(routeKey);
  expect(match?.pathParameters).toEqual(pathParameters);
});

test.each([
  ['GET', '/rooms'],
  ['POST', '/rooms/'],
  ['POST', '/rooms/a'],
  ['GET', '/rooms//participants'],
  ['GET', '/rooms/a/participants/b'],
])('%s %s goes nowhere', (method, path) => {
  expect(findRoute(routes, method, path)).toBeUndefined();
});

test.each(['$default', 'ANY /rooms', 'GET /rooms/{proxy+}', 'GET rooms', 'GET /rooms/r{room}'])(
  'the route %s is refused',
  (routeKey) => {
    expect(() => parseRoute(routeKey, target)).toThrow(expect.objectContaining({ code: 'template-unsupported' }));
  },
);
