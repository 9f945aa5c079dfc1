import { join } from 'node:path';
import { synthSignalling } from '@hyperroom/infra';
import { type AwsEmulator, startAwsEmulator } from '@hyperroom/local/aws';
import { signToken } from '@hyperroom/local/token';
import type { RoomOptions } from '@hyperroom/protocol';
import { type Child, startChild } from '../../../local/src/child.ts';
import { until } from '../call/until.ts';
import { disagreement } from './agreement.ts';
import { SimulatedParticipant } from './client/simulated-participant.ts';
import type { Reply } from './client/socket.ts';
import { type CountingEngine, startCountingEngine } from './engine/counting-engine.ts';

export interface CrowdOptions {
  /** What the first to join creates. */
  readonly room?: RoomOptions;
  /** What the functions and the agent have to say. */
  readonly log?: (line: string) => void;
}

interface CrowdParts {
  readonly emulator: AwsEmulator;
  readonly engine: CountingEngine;
  readonly agent: Child;
}

const DOMAIN = 'localhost';
const ROOM = 'crowd';
const NODE = 'media-1';
const AGENT = join(import.meta.dirname, '../../../media-agent/src/main.ts');
/** More than any crowd takes: what there is too much of is to be counted, not refused. */
const CAPACITY = 100_000;
/** Milliseconds until what should follow counts as never following. */
const PATIENCE = 60_000;

/** A room of many: real functions on the emulator, the real agent, and neither browsers nor media. */
export class Crowd {
  readonly emulator: AwsEmulator;
  readonly engine: CountingEngine;
  /** Who is in the room, in the order in which they came. */
  readonly present: SimulatedParticipant[] = [];
  readonly #room: RoomOptions;
  readonly #agent: Child;

  static async start({ room = {}, log = () => {} }: CrowdOptions = {}): Promise<Crowd> {
    const { template, assets } = await synthSignalling({ domain: DOMAIN, allowAnonymous: true });
    const [engine, emulator] = await Promise.all([
      startCountingEngine(),
      startAwsEmulator({ template, assets, warmSandboxes: 2, log: (name, line) => log(`${name}: ${line}`) }),
    ]);
    try {
      return new Crowd({ emulator, engine, agent: await startAgent(emulator, engine, log) }, room);
    } catch (error) {
      await Promise.all([emulator.close(), engine.close()]);
      throw error;
    }
  }

  private constructor({ emulator, engine, agent }: CrowdParts, room: RoomOptions) {
    this.emulator = emulator;
    this.engine = engine;
    this.#agent = agent;
    this.#room = room;
  }

  /** Lets one more join; resolves with his answer. */
  async join(name: string): Promise<{ participant: SimulatedParticipant; answer: Reply }> {
    const { signallingUrl } = this.emulator;
    const participant = new SimulatedParticipant({
      signallingUrl,
      domain: DOMAIN,
      roomId: ROOM,
      create: this.#room,
      name,
      onAccepted: (ufrag) => this.engine.connect(ufrag),
    });
    this.present.push(participant);
    return { participant, answer: await participant.join() };
  }

  async leave(participant: SimulatedParticipant): Promise<void> {
    this.present.splice(this.present.indexOf(participant), 1);
    await participant.leave();
  }

  /** Waits until everybody knows the same room, all media have arrived, and everybody receives what he is told that he does. */
  async settled(): Promise<void> {
    await this.until(() => disagreement(this.present, this.engine.feeds()));
  }

  /** Waits until nothing is missing any more; says what is if it stays so. */
  async until(missing: () => string | undefined): Promise<void> {
    const { good, seen } = await until(
      async () => missing() ?? '',
      (text) => text === '',
      { deadline: PATIENCE, every: 5 },
    );
    if (!good) throw new Error(`still after ${PATIENCE / 1000} s: ${seen}`);
  }

  async close(): Promise<void> {
    for (const participant of this.present) participant.close();
    await this.#agent.close();
    await Promise.all([this.emulator.close(), this.engine.close()]);
  }
}

async function startAgent(
  { signallingUrl, managementUrl, region, credentials, secretValue }: AwsEmulator,
  engine: CountingEngine,
  log: (line: string) => void,
): Promise<Child> {
  const claims = { sub: `user://${DOMAIN}/${NODE}`, role: 'media-node' } as const;
  const environment = {
    SIGNALLING_URL: signallingUrl,
    MANAGEMENT_ENDPOINT: managementUrl,
    DOMAIN,
    NODE_ID: NODE,
    TOKEN: await signToken(claims, secretValue, 3600),
    KURENTO_URL: engine.url,
    CAPACITY: String(CAPACITY),
    HEALTH_PORT: '0',
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return startChild('media agent', [AGENT], environment, log);
}
