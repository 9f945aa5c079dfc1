import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDemo } from '@hyperroom/client/build';
import { type OidcOptions, synthSignalling } from '@hyperroom/infra';
import {
  type AwsEmulator,
  type ConnectionFaults,
  type Delivery,
  moment,
  startAwsEmulator,
  type Witness,
} from './aws/index.ts';
import { serveDemo } from './demo-server.ts';
import { tapKurento } from './kurento-tap.ts';
import { healthOf, kurentoOf, type MediaNode, startAgent, startEngine, type TurnSettings } from './media-node.ts';
import { Parts } from './parts.ts';
import { reachKurento } from './reach-kurento.ts';
import type { Sight } from './sights.ts';
import type { Supervised } from './supervised.ts';
import { DEVELOPMENT_SECRET } from './token.ts';

export interface StackOptions {
  /** Of the call page. Default 0: a free one. */
  readonly port?: number;
  /** The reTHINK domain. Default `localhost`. */
  readonly domain?: string;
  /** Media nodes: an agent and an engine each. Default 1. */
  readonly nodes?: number;
  /** A Kurento to use, `ws://host:8888/kurento`. Default: the embedded engine, in a process of its own for each node. */
  readonly kurento?: string;
  /** A TURN server for all nodes. Default: there is none. */
  readonly turn?: TurnSettings;
  /** Where what happens in rooms is posted to, on 127.0.0.1. Default: nowhere, and there is no event bus. */
  readonly webhook?: string;
  /** An OpenID provider whose tokens are accepted beside the stack's own. */
  readonly oidc?: OidcOptions;
  /** In which order the emulated API delivers messages. */
  readonly delivery?: Delivery;
  /** Told of every frame, invocation, table request, call of Kurento and line of a log. Default: nobody is, and it costs nothing. */
  readonly witness?: Witness<Sight>;
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
  readonly domain: string;
  readonly emulator: AwsEmulator;
  /** Their agents and engines are started again when they end. */
  readonly nodes: readonly MediaNode[];
  /** Of the first node, as are the three that follow. */
  readonly kurento: string;
  readonly health: string;
  readonly agent: Supervised;
  readonly engine: Supervised | undefined;
  /** What goes wrong with signalling connections, on demand. */
  readonly faults: ConnectionFaults;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');
// The URLs that a stack is told when it starts, in the template: with the real ones each port would be synthesised anew.
const PLACEHOLDER = 'http://told-at-start.invalid/';

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { domain = 'localhost', onProgress = () => {}, witness } = options;
  const log = logOf(options);
  const { opened, close } = new Parts();
  try {
    const demoFolder = join(ROOT, '.hyperroom', 'demo');
    if (options.kurento) await reachKurento(options.kurento);
    onProgress('building the call page, the functions and their stack');
    const ids = Array.from({ length: options.nodes ?? 1 }, (_, index) => `media-${index + 1}`);
    const embedded = options.kurento ? [] : ids;
    const [emulator, engines, folder] = await all([
      startSignalling(domain, options, log).then(opened),
      all(embedded.map((id) => startEngine(id, log).then(opened))),
      temporaryFolder().then(opened),
      buildDemo({ outdir: demoFolder, minify: false }),
    ]);
    onProgress(`connecting the media agent to ${options.kurento ?? 'the embedded media engine'}`);
    const startNode = async (id: string, index: number): Promise<MediaNode> => {
      const engine = engines[index];
      const kurento = options.kurento ?? kurentoOf(engine?.ready);
      const stateFile = join(folder.path, `${id}.json`);
      const seen = witness ? opened(await tap(kurento, id, witness)).url : kurento;
      const settings = { id, emulator, domain, kurento: seen, stateFile, turn: options.turn, log };
      const agent = opened(await startAgent(settings));
      return { id, kurento, health: healthOf(agent.ready), agent, engine };
    };
    const nodes = await all(ids.map(startNode));
    const { signallingUrl: signalling, managementUrl: management, httpApiUrl: api, metricsUrl: metrics } = emulator;
    const server = opened(await serveDemo(demoFolder, { signalling, domain }, options.port ?? 0));
    const urls = { demo: server.url, signalling, management, api, metrics };
    return { ...urls, domain, emulator, nodes, ...firstOf(nodes), faults: emulator.faults, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is logged is seen, too. */
function logOf({ log = () => {}, witness }: StackOptions): (line: string) => void {
  if (!witness) return log;
  return (line) => {
    witness({ kind: 'line', at: moment(), line });
    log(line);
  };
}

function tap(kurento: string, node: string, witness: Witness<Sight>) {
  return tapKurento(kurento, (by, text) => witness({ kind: 'rpc', at: moment(), node, by, text }));
}

/** What has begun is waited for even if another part fails, or it could not be closed. */
async function all<const Parts extends readonly unknown[]>(parts: Parts) {
  await Promise.allSettled(parts);
  return Promise.all<Parts>(parts);
}

function firstOf([first]: readonly MediaNode[]): Omit<MediaNode, 'id'> {
  if (!first) throw new RangeError('a stack has one media node at least');
  const { id: _, ...ofFirst } = first;
  return ofFirst;
}

/** Where the agents keep their state. */
async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'hyperroom-'));
  return { path, close: () => rm(path, { recursive: true, force: true }) };
}

async function startSignalling(domain: string, options: StackOptions, log: (line: string) => void) {
  const { delivery, webhook, oidc, witness } = options;
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
    ...(witness && { witness }),
    log: (name, line) => log(`${name}: ${line}`),
  });
}
