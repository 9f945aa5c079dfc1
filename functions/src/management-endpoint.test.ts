import { expect, test } from 'vitest';
import { managementEndpoint } from './management-endpoint.ts';

const ofStack = 'https://abc123.execute-api.eu-central-1.amazonaws.com/live';

test('on AWS @connections is where the stack says', () => {
  expect(managementEndpoint(ofStack, {})).toBe(ofStack);
});

test.each([
  [ofStack, 'http://localhost:4566'],
  [ofStack, 'http://localhost:4566/'],
  ['https://abc123.execute-api.us-east-1.localhost.localstack.cloud:4566/live', 'http://localhost:4566'],
])('in an emulator %s is at a path of it', (setting, emulator) => {
  expect(managementEndpoint(setting, { AWS_ENDPOINT_URL: emulator })).toBe(
    'http://localhost:4566/_aws/execute-api/abc123/live',
  );
});

test('an emulator that has set where it is in the stack is believed', () => {
  const setting = 'http://127.0.0.1:4321/live';
  expect(managementEndpoint(setting, { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toBe(setting);
});

test('the environment may name another', () => {
  const environment = {
    AWS_ENDPOINT_URL: 'http://localhost:4566',
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: 'http://localhost:4566/execute-api/abc123/live',
  };
  expect(managementEndpoint(ofStack, environment)).toBe('http://localhost:4566/execute-api/abc123/live');
});
