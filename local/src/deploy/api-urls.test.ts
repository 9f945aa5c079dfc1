import { describe, expect, it } from 'vitest';
import { apiIdentityOf, managementUrls, signallingUrls } from './api-urls.ts';

const api = { apiId: 'abc123', stage: 'live' };
const endpoint = 'http://127.0.0.1:4566';

describe('the URLs of an emulated API', () => {
  it('are found by its id and stage, which the outputs tell whatever host they name', () => {
    expect(apiIdentityOf('wss://abc123.execute-api.us-east-1.amazonaws.com/live')).toEqual(api);
    expect(apiIdentityOf('ws://abc123.execute-api.localhost.localstack.cloud:4566/live/')).toEqual(api);
  });

  it.each([
    'ws://abc123.execute-api.localhost.localstack.cloud:4566',
    'http://abc123.execute-api.localhost.localstack.cloud:4566/',
    'ws://abc123.execute-api.localhost.localstack.cloud:4566/live',
  ])('begin with what GetApis says, as a WebSocket and with the stage: %s', (apiEndpoint) => {
    expect(signallingUrls(apiEndpoint, api, endpoint)).toEqual([
      'ws://abc123.execute-api.localhost.localstack.cloud:4566/live',
      'ws://127.0.0.1:4566/_aws/execute-api/abc123/live',
      'ws://127.0.0.1:4566/ws/abc123/live',
    ]);
  });

  it('are those of the emulators for @connections, too', () => {
    expect(managementUrls(api, endpoint)).toEqual([
      'http://127.0.0.1:4566/_aws/execute-api/abc123/live',
      'http://127.0.0.1:4566/execute-api/abc123/live',
      'http://127.0.0.1:4566',
    ]);
  });
});
