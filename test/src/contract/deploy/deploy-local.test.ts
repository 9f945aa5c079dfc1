import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import { type StandIn, startStandIn } from '../../stand-in/stand-in.ts';
import { aJoin } from '../signalling/joins.ts';
import { at, Peer } from '../signalling/signalling.ts';

// The CDK is started twice, each time the whole of it.
vi.setConfig({ testTimeout: 150_000 });

const ENTRY = join(import.meta.dirname, '../../../../local/src/cli/deploy.ts');

/** What `AWS_…` and ~/.aws of somebody lead to, who has an account. */
interface Account {
  readonly environment: Readonly<Record<string, string>>;
  /** Whatever has been said to anything of it. */
  readonly touched: readonly string[];
}

async function somebodysAccount(): Promise<Account> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-account-'));
  const touched: string[] = [];
  const server = createServer((request, response) => {
    touched.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  server.on('connect', (request, socket) => {
    touched.push(`CONNECT ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const real = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await mkdir(join(folder, '.aws'));
  const profile = `region = eu-west-1\nendpoint_url = ${real}\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n`;
  await writeFile(join(folder, '.aws/config'), `[default]\n${profile}[profile production]\n${profile}`);
  await writeFile(
    join(folder, '.aws/credentials'),
    '[default]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n',
  );
  await writeFile(join(folder, '.cdk.json'), '{"profile":"production"}');
  return {
    touched,
    environment: {
      HOME: folder,
      AWS_PROFILE: 'production',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_CLOUDFORMATION: real,
      AWS_ENDPOINT_URL_STS: real,
      AWS_ENVAR_ALLOWLIST: 'AWS_PROFILE,AWS_SESSION_TOKEN',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: real,
      HTTP_PROXY: real,
      HTTPS_PROXY: real,
    },
  };
}

function deploy(account: Account, ...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, '--port', '0', '--json', ...args], {
    env: { ...process.env, ...account.environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function failureOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [words, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(code).toBe(1);
  return words;
}

/** Registers and joins a room through the deployed API, as a client does that has no media to send. */
async function joinRoom(signalling: string): Promise<unknown> {
  const peer = new Peer(new WebSocket(signalling));
  onTestFinished(() => peer.socket.terminate());
  await peer.opened();
  await peer.register(at.hyperty('deployed'));
  return (await peer.ask(aJoin('deployed', 'room-1', { connections: [] }))).body;
}

const FORBIDDEN =
  /^(?:Custom::|AWS::CloudFormation::CustomResource|AWS::ApiGatewayV2::(?:RouteResponse|Deployment|DomainName|VpcLink)|AWS::DynamoDB::GlobalTable|AWS::CloudFront::)/;

function expectPlain(standIn: StandIn): void {
  const resources = Object.values(standIn.template('HyperroomSignalling')?.Resources ?? {});
  expect(resources.length).toBeGreaterThan(0);
  expect(resources.map(({ Type }) => Type).filter((type) => FORBIDDEN.test(type))).toEqual([]);
  // Hosts are made of Refs, so that an emulator's own suffix stands there.
  expect(JSON.stringify(resources.map(({ Properties }) => Properties))).not.toMatch(
    /execute-api\.[a-z]+-|4566|localhost:/,
  );
  const stages = resources.filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
  for (const { Properties } of stages) expect(Properties).toMatchObject({ AutoDeploy: true });
}

test('the stack arrives at the emulator, is spoken to through it, and nobody’s account is touched on the way', async () => {
  const account = await somebodysAccount();
  await using standIn = await startStandIn();
  const child = deploy(account, '--endpoint', standIn.endpoint);
  const words = text(child.stderr);
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
  if (first === undefined) throw new Error(await words);
  const said = JSON.parse(String(first[0]));
  expect(said).toEqual({
    demo: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    signalling: standIn.emulator().signallingUrl,
    management: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/_aws\/execute-api\/\w+\/live$/),
  });
  expect(await (await fetch(`${said.demo}config.json`)).json()).toEqual({
    signalling: said.signalling,
    domain: 'localhost',
  });
  // The media agent has shown that it is one, though this emulator asks no authorizer.
  expect(await joinRoom(said.signalling)).toMatchObject({ code: 200, value: { name: 'room-1' } });
  expectPlain(standIn);

  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(account.touched).toEqual([]);
  const signers = new Set(standIn.calls.map(({ accessKeyId }) => accessKeyId));
  // What asks whether anything listens signs nothing.
  expect(signers).toEqual(new Set([undefined, 'test']));
});

test('an endpoint elsewhere is refused before anything is said to it', async () => {
  const account = await somebodysAccount();
  const words = await failureOf(deploy(account, '--endpoint', 'http://192.0.2.1:4566'));
  expect(words).toContain('192.0.2.1 is no address of this machine');
  expect(account.touched).toEqual([]);
});

test('where nobody listens nothing is begun', async () => {
  const account = await somebodysAccount();
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const words = await failureOf(deploy(account, '--endpoint', `http://127.0.0.1:${port}`));
  expect(words).toContain(`no emulator of AWS listens at http://127.0.0.1:${port}`);
  expect(account.touched).toEqual([]);
});
