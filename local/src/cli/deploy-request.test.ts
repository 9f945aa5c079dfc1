import { describe, expect, it } from 'vitest';
import { deployRequestOf, HELP } from './deploy-request.ts';

const of = (line: string, env = {}) => deployRequestOf(line.split(' ').filter(Boolean), env);

describe('npm run deploy:local', () => {
  it('asks for port 4566 of this machine, unless AWS_ENDPOINT_URL or --endpoint say otherwise', () => {
    expect(of('')).toEqual({
      endpoint: 'http://127.0.0.1:4566',
      region: 'us-east-1',
      domain: 'localhost',
      kurento: undefined,
      url: undefined,
      management: undefined,
      port: 8080,
      json: false,
      verbose: false,
    });
    const env = { AWS_ENDPOINT_URL: 'http://localhost:4567' };
    expect(of('', env)?.endpoint).toBe('http://localhost:4567');
    expect(of('--endpoint http://[::1]:1', env)?.endpoint).toBe('http://[::1]:1');
  });

  it('takes an option for whatever an emulator does not tell', () => {
    const line =
      '--kurento ws://k:8888/kurento --url ws://127.0.0.1:1/ws/a/live/ --management http://127.0.0.1:1/x --port 0';
    expect(of(line)).toMatchObject({
      kurento: 'ws://k:8888/kurento',
      url: 'ws://127.0.0.1:1/ws/a/live',
      management: 'http://127.0.0.1:1/x',
      port: 0,
    });
  });

  it.each([
    '--url http://x',
    '--management ws://x',
    '--kurento x',
    '--port 65536',
    '--port x',
    '--colour red',
    'extra',
  ])('refuses %s', (line) => expect(() => of(line)).toThrow(line.split(' ')[0]));

  it('has a help that names every option', () => {
    expect(of('--help')).toBeUndefined();
    for (const option of [
      'endpoint',
      'region',
      'domain',
      'kurento',
      'url',
      'management',
      'port',
      'json',
      'verbose',
      'help',
    ])
      expect(HELP).toContain(`--${option} `);
  });
});
