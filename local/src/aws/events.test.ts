import { expect, test } from 'vitest';
import type { ApiDefinition } from './api-definitions.ts';
import { disconnectEvent, selectRoute } from './events.ts';
import type { FunctionDefinition } from './function-definitions.ts';

const target = {} as FunctionDefinition;
const api: ApiDefinition = {
  id: 'abc',
  arn: 'arn:aws:execute-api:us-east-1:000000000000:abc/live',
  stage: 'live',
  host: 'abc.execute-api.us-east-1.amazonaws.com',
  routeSelectionExpression: '$request.body.action',
  routes: new Map(['$connect', '$disconnect', '$default', 'join'].map((routeKey) => [routeKey, target])),
  authorizer: undefined,
  throttling: undefined,
};

test.each([
  ['{"action":"join"}', 'join'],
  ['{"action":"leave"}', '$default'],
  ['{"action":7}', '$default'],
  ['{"action":"$connect"}', '$default'],
  ['{"other":"join"}', '$default'],
  ['[{"action":"join"}]', '$default'],
  ['"join"', '$default'],
  ['null', '$default'],
  ['not JSON', '$default'],
  ['', '$default'],
])('%s goes to %s', (body, routeKey) => {
  expect(selectRoute(api, body)).toBe(routeKey);
});

test('a nested field can be selected', () => {
  const nested = { ...api, routeSelectionExpression: '$request.body.header.action' };
  expect(selectRoute(nested, '{"header":{"action":"join"}}')).toBe('join');
  expect(selectRoute(nested, '{"header":"join"}')).toBe('$default');
});

test('a close without a status says so, as API Gateway does', () => {
  const connection = {
    connectionId: 'id=',
    connectedAt: 0,
    identity: { sourceIp: '127.0.0.1' },
    handshake: { headers: {}, multiValueHeaders: {} },
  };
  const occasion = { api, connection, authorizer: undefined, routeKey: '$disconnect', now: 0 };
  expect(disconnectEvent(occasion, { code: 1005, reason: '' }).requestContext).toMatchObject({
    disconnectStatusCode: 1005,
    disconnectReason: 'Client-side close frame status not set',
  });
});
