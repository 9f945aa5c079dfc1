import { describe, expect, it } from 'vitest';
import { localEndpoint } from './local-endpoint.ts';

const resolvingTo =
  (...addresses: string[]) =>
  async () =>
    addresses;

const notLocal = expect.objectContaining({ code: 'endpoint-not-local' });

describe('an endpoint to deploy to', () => {
  it.each([
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://127.8.9.10:4566/', 'http://127.8.9.10:4566'],
    ['http://[::1]:4566', 'http://[::1]:4566'],
    ['http://0x7f000001:4566', 'http://127.0.0.1:4566'],
  ])('may be an address of the loopback: %s', async (text, expected) => {
    expect(await localEndpoint(text, resolvingTo())).toBe(expected);
  });

  it.each([
    ['http://localhost:4566', ['::1', '127.0.0.1'], 'http://127.0.0.1:4566'],
    ['http://localhost:4566', ['::1'], 'http://[::1]:4566'],
    ['http://localhost.localstack.cloud:4566', ['127.0.0.1'], 'http://127.0.0.1:4566'],
    ['http://abc.execute-api.localhost.localstack.cloud:4566', ['127.0.0.1'], 'http://127.0.0.1:4566'],
    ['http://abc.execute-api.localhost:4566', ['127.0.0.1'], 'http://127.0.0.1:4566'],
    ['http://host.docker.internal:4566', ['192.168.65.254'], 'http://192.168.65.254:4566'],
  ])(
    'may be a name of this machine, in whose place stands what it means: %s = %j',
    async (text, addresses, expected) => {
      expect(await localEndpoint(text, resolvingTo(...addresses))).toBe(expected);
    },
  );

  it('may be a name below localhost that only browsers know', async () => {
    const unknown = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await localEndpoint('http://abc.execute-api.localhost:4566', unknown)).toBe('http://127.0.0.1:4566');
    await expect(localEndpoint('http://x.localhost.localstack.cloud:4566', unknown)).rejects.toEqual(notLocal);
  });

  it.each([
    'http://52.95.110.1:4566',
    'http://10.0.0.1:4566',
    'http://169.254.169.254',
    'http://[2600:1f18::1]:4566',
    'http://[::ffff:52.95.110.1]:4566',
    'http://0.0.0.0:4566',
    'http://sts.amazonaws.com',
    'http://localhost.example.com:4566',
    'http://localhost.localstack.cloud.example.com:4566',
    'http://notlocalhost:4566',
    'http://127.0.0.1.nip.io:4566',
    'http://127.0.0.1:4566@example.com',
    'http://test:test@127.0.0.1:4566',
    'https://127.0.0.1:4566',
    'ftp://127.0.0.1',
    'localhost:4566',
    '4566',
    '',
  ])('is refused if it is anything else: %s', async (text) => {
    await expect(localEndpoint(text, resolvingTo('127.0.0.1'))).rejects.toEqual(notLocal);
  });

  it.each([
    ['http://localhost:4566', ['52.95.110.1']],
    ['http://localhost:4566', ['127.0.0.1', '52.95.110.1']],
    ['http://localhost.localstack.cloud:4566', ['10.1.2.3']],
    ['http://host.docker.internal:4566', ['52.95.110.1']],
    ['http://localhost:4566', []],
  ])('is refused if a name of this machine means another: %s = %j', async (text, addresses) => {
    await expect(localEndpoint(text, resolvingTo(...addresses))).rejects.toEqual(notLocal);
  });

  it('is refused with the reason and the way out', async () => {
    await expect(localEndpoint('http://localhost:4566', resolvingTo('52.95.110.1'))).rejects.toThrow(
      /localhost is 52\.95\.110\.1 here.*npx cdk deploy/,
    );
  });
});
