import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { buildDemo } from '@hyperroom/client/build';
import { type OidcOptions, synthSignalling } from '@hyperroom/infra';
import * as v from 'valibot';
import { type AwsEmulator, type Delivery, startAwsEmulator } from './aws/index.ts';
import { type Child, startChild } from './child.ts';
import { serveDemo } from './demo-server.ts';
import { reachKurento } from './reach-kurento.ts';
import { DEVELOPMENT_SECRET, signToken } from './token.ts';

export interface StackOptions {
  /** Of the call page. Default 0: a free one. */
  readonly port?: number;
  /** The reTHINK domain. Default `localhost`. */
  readonly domain?: string;
  /** A Kurento to use, `ws://host:8888/kurento`. Default: the embedded engine, in a process of its own. */
  readonly kurento?: string;
  /** Where what happens in rooms is posted to, on 127.0.0.1. Default: nowhere, and there is no event bus. */
  readonly webhook?: string;
  /** An OpenID provider whose tokens are accepted beside the stack's own. */
  readonly oidc?: OidcOptions;
  /** In which order the emulated API delivers messages. */
  readonly delivery?: Delivery;
  readonly onProgress?: (step: string) => void;
  /** What the functions, the agent and the engine have to say. */
  readonly log?: (line: string) => void;
}

/** The whole of Hyperroom on this machine. */
export interface Stack {
  readonly demo: string;
  readonly signalling: string;
  readonly management: string;
  /** The HTTP API for back ends. */
  readonly api: string;
  readonly metrics: string;
  readonly kurento: string;
  /** The agent's health page. */
  readonly health: string;
  readonly domain: string;
  readonly emulator: AwsEmulator;
  readonly agent: ChildProcess;
  readonly engine: ChildProcess | undefined;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const NODE_TOKEN_LIFETIME = 30 * 24 * 3600;
// The URLs that a stack is told when it starts, in the template: with the real ones each port would be synthesised anew.
const PLACEHOLDER = 'http://told-at-start.invalid/';

const EngineReady = v.object({ url: v.string() });
const AgentReady = v.object({ health: v.string() });

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { domain = 'localhost', onProgress = () => {}, log = () => {} } = options;
  const closers: (() => Promise<void>)[] = [];
  const opened = <T extends { close(): Promise<void> }>(part: T): T => {
    closers.unshift(() => part.close());
    return part;
  };
  const close = async () => {
    for (const closePart of closers.splice(0)) await closePart();
  };

  try {
    const demoFolder = join(ROOT, '.hyperroom', 'demo');
    if (options.kurento) await reachKurento(options.kurento);
    onProgress('building the call page, the functions and their stack');
    const parts = [
      startSignalling(domain, options, log).then(opened),
      options.kurento ? undefined : startEngine(log).then(opened),
      buildDemo({ outdir: demoFolder, minify: false }),
    ] as const;
    // What has begun is waited for even if another part fails, or it could not be closed.
    await Promise.allSettled(parts);
    const [emulator, engine] = await Promise.all(parts);
    const kurento = options.kurento ?? v.parse(EngineReady, engine?.ready).url;
    onProgress(`connecting the media agent to ${options.kurento ?? 'the embedded media engine'}`);
    const agent = opened(await startAgent(emulator, domain, kurento, log));
    const { signallingUrl: signalling, managementUrl: management, httpApiUrl: api, metricsUrl: metrics } = emulator;
    const server = opened(await serveDemo(demoFolder, { signalling, domain }, options.port ?? 0));
    return {
      demo: server.url,
      signalling,
      management,
      api,
      metrics,
      kurento,
      health: v.parse(AgentReady, agent.ready).health,
      domain,
      emulator,
      agent: agent.process,
      engine: engine?.process,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startSignalling(domain: string, options: StackOptions, log: (line: string) => void) {
  const { delivery, webhook, oidc } = options;
  const { template, assets } = await synthSignalling({
    domain,
    allowAnonymous: true,
    ...(webhook && { webhookUrl: PLACEHOLDER }),
    ...(oidc && { oidc: { issuer: PLACEHOLDER, audience: PLACEHOLDER } }),
  });
  return startAwsEmulator({
    template,
    assets,
    environment: {
      ...(webhook && { WEBHOOK_URL: webhook }),
      ...(oidc && { OIDC_ISSUER: oidc.issuer, OIDC_AUDIENCE: oidc.audience }),
    },
    secretValue: DEVELOPMENT_SECRET,
    // A first join is handled while the agent's report of it arrives: neither waits for a cold start.
    warmSandboxes: 2,
    ...(delivery && { delivery }),
    log: (name, line) => log(`${name}: ${line}`),
  });
}

function startEngine(log: (line: string) => void): Promise<Child> {
  return startChild('media engine', [join(ROOT, 'local/src/kurento/main.ts'), '--port', '0'], {}, log);
}

async function startAgent(emulator: AwsEmulator, domain: string, kurento: string, log: (line: string) => void) {
  const id = 'media-1';
  const claims = { sub: `user://${domain}/${id}`, role: 'media-node' } as const;
  return startChild(
    'media agent',
    [join(ROOT, 'media-agent/src/main.ts')],
    {
      SIGNALLING_URL: emulator.signallingUrl,
      MANAGEMENT_ENDPOINT: emulator.managementUrl,
      DOMAIN: domain,
      NODE_ID: id,
      TOKEN: await signToken(claims, emulator.secretValue, NODE_TOKEN_LIFETIME),
      KURENTO_URL: kurento,
      HEALTH_PORT: '0',
      AWS_REGION: emulator.region,
      AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    },
    log,
  );
}
