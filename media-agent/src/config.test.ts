import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AgentConfig, HELP, readConfig } from './config.ts';

const ENV = {
  SIGNALLING_URL: 'wss://api.example.test/live',
  MANAGEMENT_ENDPOINT: 'https://api.example.test/live',
  DOMAIN: 'example.test',
  TOKEN: 'jwt',
  AWS_REGION: 'eu-west-1',
};

function read(env: NodeJS.ProcessEnv, args: string[] = []): AgentConfig {
  const config = readConfig(args, env);
  if (config === 'help') throw new Error('help was not asked for');
  return config;
}

test('takes the environment, with defaults for what is beside the process', async () => {
  const config = read(ENV);
  expect(config).toMatchObject({
    signallingUrl: 'wss://api.example.test/live',
    managementEndpoint: 'https://api.example.test/live',
    region: 'eu-west-1',
    domain: 'example.test',
    kurentoUrl: 'ws://127.0.0.1:8888/kurento',
    healthPort: 0,
  });
  expect(await config.token()).toBe('jwt');
});

test('flags win over the environment', () => {
  expect(read(ENV, ['--capacity', '5', '--node-id=n1'])).toMatchObject({ capacity: 5, nodeId: 'n1' });
});

test('the state is kept where that is said', () => {
  expect(read(ENV).stateFile).toBeNull();
  expect(read({ ...ENV, STATE_FILE: '/var/lib/agent' }).stateFile).toBe('/var/lib/agent');
  expect(read(ENV, ['--state-file', 'here']).stateFile).toBe('here');
});

test('a token file is read each time', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'agent-')), 'token');
  await writeFile(file, 'one\n');
  const config = read({ ...ENV, TOKEN: '', TOKEN_FILE: file });
  expect(await config.token()).toBe('one');
  await writeFile(file, 'two\n');
  expect(await config.token()).toBe('two');
});

test('with the secret of the nodes it signs its tokens itself', async () => {
  const { token } = read({ ...ENV, TOKEN: '', NODE_ID: 'n1', NODE_SECRET: 'of the nodes' });
  const [, claims = ''] = (await token()).split('.');
  const { sub, role } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  expect({ sub, role }).toEqual({ sub: 'user://example.test/n1', role: 'media-node' });
});

test('a TURN server is one with its secret, from the environment or from a file', async () => {
  expect(read(ENV).turn).toBeNull();
  const TURN_URLS = 'turn:192.0.2.1:3478,turn:192.0.2.1:3478?transport=tcp';
  const { turn } = read({ ...ENV, TURN_URLS, TURN_SECRET: 'north' });
  expect(turn?.urls).toEqual(['turn:192.0.2.1:3478', 'turn:192.0.2.1:3478?transport=tcp']);
  expect(await turn?.secret()).toBe('north');

  const file = join(await mkdtemp(join(tmpdir(), 'agent-')), 'secret');
  await writeFile(file, 'south\n');
  expect(await read({ ...ENV, TURN_URLS, TURN_SECRET_FILE: file }).turn?.secret()).toBe('south');
});

test.each([
  [{ SIGNALLING_URL: undefined }, /SIGNALLING_URL is missing: set it, or pass --signalling-url/],
  [{ SIGNALLING_URL: 'https://x' }, /SIGNALLING_URL must be a URL that starts with ws:\/\/ or wss:\/\//],
  [{ CAPACITY: '-1' }, /CAPACITY must be a whole number/],
  [{ HEALTH_PORT: '70000' }, /HEALTH_PORT must be a whole number from 0 to 65535/],
  [{ NODE_ID: 'a/b' }, /NODE_ID must have/],
  [{ TURN_URLS: 'stun:192.0.2.1' }, /TURN_URLS must be URLs that start with turn: or turns:/],
  [{ TURN_URLS: 'turn:192.0.2.1' }, /TURN_SECRET or TURN_SECRET_FILE is missing/],
  [{ TOKEN: undefined }, /TOKEN, TOKEN_FILE, NODE_SECRET_ARN or NODE_SECRET is missing/],
])('%o is explained', (change, message) => {
  expect(() => readConfig([], { ...ENV, ...change })).toThrow(message);
});

test('an unknown flag is explained', () => {
  expect(() => readConfig(['--speed', '9'], ENV)).toThrow(/--speed.*--help/s);
});

test('every setting is named in the help', () => {
  expect(readConfig(['--help'], {})).toBe('help');
  for (const env of [...Object.keys(ENV), 'NODE_SECRET_ARN', 'STATE_FILE', 'TURN_URLS', 'TURN_SECRET_FILE'])
    expect(HELP).toContain(env);
});

test('an instance of an Auto Scaling group drains when that ends it: with group and hook, or neither', () => {
  expect(read(ENV)).toMatchObject({ autoScaling: null, drain: { finishMs: 1_800_000, limitMs: 3_600_000 } });
  const group = { ...ENV, AUTO_SCALING_GROUP: 'media', DRAIN_SECONDS: '60', DRAIN_LIMIT_SECONDS: '90' };
  expect(() => read(group)).toThrow('AUTO_SCALING_GROUP and AUTO_SCALING_HOOK');
  expect(read({ ...group, AUTO_SCALING_HOOK: 'drained' })).toMatchObject({
    autoScaling: { group: 'media', hook: 'drained', metadataEndpoint: 'http://169.254.169.254' },
    drain: { finishMs: 60_000, limitMs: 90_000 },
  });
});
