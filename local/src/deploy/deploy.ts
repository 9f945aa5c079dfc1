import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDemo } from '@hyperroom/client/build';
import { synthSignalling } from '@hyperroom/infra';
import { serveDemo } from '../demo-server.ts';
import { kurentoOf, startAgent, startEngine } from '../media-node.ts';
import { Parts } from '../parts.ts';
import { reachKurento } from '../reach-kurento.ts';
import { cdkLocal } from './cdk-local.ts';
import { DeployError } from './deploy-error.ts';
import { reachDeployed } from './deployed-api.ts';

export interface DeployOptions {
  /** Of the emulator: an address of this machine. */
  readonly endpoint: string;
  readonly region: string;
  /** In which there is no account to be found. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An empty one, that is removed afterwards. */
  readonly folder: string;
  readonly domain: string;
  /** Of the call page; 0: any that is free. */
  readonly port: number;
  readonly kurento?: string | undefined;
  readonly url?: string | undefined;
  readonly management?: string | undefined;
  readonly onProgress: (step: string) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface LocalDeployment {
  readonly demo: string;
  readonly signalling: string;
  readonly management: string;
  close(): Promise<void>;
}

const NODE = 'media-1';
const DEADLINE = 5_000;

/** Deploys the signalling stack to an emulator of AWS, and runs a media node and the call page against it. */
export async function deployLocally(options: DeployOptions): Promise<LocalDeployment> {
  const { endpoint, kurento, domain, folder, log, onProgress, signal } = options;
  if (kurento !== undefined) await reachKurento(kurento);
  await listening(endpoint);
  const outputs = await deployStack(options);
  onProgress('looking for the WebSocket API');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const emulator = await reachDeployed({ ...options, credentials, outputs });
  signal.throwIfAborted();

  const { opened, close } = new Parts();
  try {
    onProgress(`connecting the media agent to ${kurento ?? 'the embedded media engine'}`);
    const reached = kurento ?? kurentoOf(opened(await startEngine(NODE, log)).ready);
    const stateFile = join(folder, `${NODE}.json`);
    opened(await startAgent({ id: NODE, emulator, domain, kurento: reached, stateFile, log }));
    const demo = join(folder, 'demo');
    await buildDemo({ outdir: demo, minify: false });
    const { signallingUrl: signalling, managementUrl: management } = emulator;
    const server = opened(await serveDemo(demo, { signalling, domain }, options.port));
    signal.throwIfAborted();
    return { demo: server.url, signalling, management, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listening(endpoint: string): Promise<void> {
  try {
    // Whatever it answers. Where it would lead to is none of our business.
    await fetch(endpoint, { redirect: 'manual', signal: AbortSignal.timeout(DEADLINE) });
  } catch (error) {
    const advice = 'start one, as docker compose --profile ministack up';
    throw new DeployError('endpoint-silent', `no emulator of AWS listens at ${endpoint}: ${advice}`, { cause: error });
  }
}

async function deployStack({ environment, folder, domain, onProgress, log, signal }: DeployOptions) {
  onProgress('building the functions and their stack');
  const { outdir } = await synthSignalling({ domain, allowAnonymous: true, emulated: true });
  const cwd = join(folder, 'cdk');
  await mkdir(cwd);
  const cdk = { environment, folder: cwd, log, signal };
  onProgress('preparing the emulator (cdklocal bootstrap)');
  await cdkLocal(cdk, ['bootstrap', '--app', outdir]);
  onProgress('deploying the signalling stack (cdklocal deploy)');
  const outputsFile = join(cwd, 'outputs.json');
  const flags = ['--app', outdir, '--require-approval', 'never', '--outputs-file', outputsFile];
  await cdkLocal(cdk, ['deploy', '--all', ...flags]);
  const outputsOfStacks: Record<string, Record<string, string>> = JSON.parse(await readFile(outputsFile, 'utf8'));
  return Object.assign({}, ...Object.values(outputsOfStacks)) as Record<string, string>;
}
