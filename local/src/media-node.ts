import { join } from 'node:path';
import * as v from 'valibot';
import type { Credentials } from './aws/index.ts';
import { startChild } from './child.ts';
import { Supervised } from './supervised.ts';
import { signToken } from './token.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE_TOKEN_LIFETIME = 30 * 24 * 3600;

const EngineReady = v.object({ url: v.pipe(v.string(), v.url()) });
const AgentReady = v.object({ health: v.pipe(v.string(), v.url()) });

/** What carries media: an agent, beside an engine or a Kurento that was there before. */
export interface MediaNode {
  readonly id: string;
  readonly kurento: string;
  /** The agent's health page. */
  readonly health: string;
  readonly agent: Supervised;
  readonly engine: Supervised | undefined;
}

/** A deployed signalling stack, as far as an agent needs it. */
export interface Signalling {
  readonly signallingUrl: string;
  readonly managementUrl: string;
  /** What its tokens are signed with. */
  readonly secretValue: string;
  readonly region: string;
  readonly credentials: Credentials;
}

export interface TurnSettings {
  readonly urls: readonly string[];
  /** Shared with it. */
  readonly secret: string;
}

export interface AgentSettings {
  readonly id: string;
  readonly emulator: Signalling;
  readonly domain: string;
  readonly kurento: string;
  /** Where it keeps what its next process needs. */
  readonly stateFile: string;
  /** A TURN server beside it. */
  readonly turn?: TurnSettings | undefined;
  readonly log: (line: string) => void;
}

/** The embedded media engine; one that is started again listens where the first did. */
export function startEngine(id: string, log: (line: string) => void): Promise<Supervised> {
  const name = `media engine of ${id}`;
  const entry = join(ROOT, 'local/src/kurento/main.ts');
  const launch = (first?: unknown) =>
    startChild(name, [entry, '--port', first ? portIn(kurentoOf(first)) : '0'], {}, log);
  return Supervised.start({ name, launch, log });
}

/** What an engine said when it was ready: its Kurento URL. */
export function kurentoOf(ready: unknown): string {
  return v.parse(EngineReady, ready).url;
}

export async function startAgent({
  id,
  emulator,
  domain,
  kurento,
  stateFile,
  turn,
  log,
}: AgentSettings): Promise<Supervised> {
  const name = `media agent ${id}`;
  const claims = { sub: `user://${domain}/${id}`, role: 'media-node' } as const;
  const environment = {
    SIGNALLING_URL: emulator.signallingUrl,
    MANAGEMENT_ENDPOINT: emulator.managementUrl,
    DOMAIN: domain,
    NODE_ID: id,
    TOKEN: await signToken(claims, emulator.secretValue, NODE_TOKEN_LIFETIME),
    KURENTO_URL: kurento,
    STATE_FILE: stateFile,
    ...(turn && { TURN_URLS: turn.urls.join(), TURN_SECRET: turn.secret }),
    AWS_REGION: emulator.region,
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
  };
  const launch = (first?: unknown) => {
    const port = first ? portIn(healthOf(first)) : '0';
    return startChild(name, [join(ROOT, 'media-agent/src/main.ts')], { ...environment, HEALTH_PORT: port }, log);
  };
  return Supervised.start({ name, launch, log });
}

/** What an agent said when it was ready: where its health page is. */
export function healthOf(ready: unknown): string {
  return v.parse(AgentReady, ready).health;
}

function portIn(url: string): string {
  return new URL(url).port;
}
