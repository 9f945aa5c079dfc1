import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Stack, startStack } from '@hyperroom/local';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium/launch.ts';
import { isNothing, type Leftovers, leftSince, takeInventory } from './inventory.ts';
import { type JoinCost, joinCost } from './join-cost.ts';
import { Participant } from './participant.ts';
import { isFlowing, isFluent, joinOf, type Reports, type Stream, since, streamsOf } from './streams.ts';
import { until } from './until.ts';

export interface CallOptions {
  readonly participants: number;
  /** How long the call goes on once everybody sees and hears everybody. */
  readonly seconds: number;
  /** What to ask of the cameras, `320x180`. Default: the call page's choice. */
  readonly size?: string;
  /** A Kurento to use in place of the embedded engine. */
  readonly kurento?: string;
  /** Where the screenshot goes. */
  readonly screenshot: string;
  readonly onProgress: (step: string) => void;
  readonly onStreams: (streams: readonly Stream[]) => void;
  readonly onTalked: () => void;
  readonly log: (line: string) => void;
}

export interface Join extends JoinCost {
  /** From the moment that it began to join to the first picture of anybody; null for whoever comes first. */
  readonly firstFrameMs: number | null;
}

export interface CallResult {
  /** What each received of each other in the seconds of the call. */
  readonly streams: readonly Stream[];
  readonly joins: readonly Join[];
  readonly left: Leftovers;
  /** Empty if the call was as it should be. */
  readonly problems: readonly string[];
}

const FLOW_DEADLINE = 30_000;
const TILE_DEADLINE = 10_000;
const CLEAN_DEADLINE = 10_000;
const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gil', 'Hana'];

/** A whole call of headless browsers on a stack of its own, from the first join to the last leave. */
export async function makeCall(options: CallOptions): Promise<CallResult> {
  const { kurento, onProgress, log } = options;
  const browser = await launchChromium({ onProgress });
  try {
    const stack = await startStack({ onProgress, log, ...(kurento && { kurento }) });
    try {
      return await new Call(options, stack, browser).run();
    } finally {
      await stack.close();
    }
  } finally {
    await browser.close();
  }
}

class Call {
  readonly #options: CallOptions;
  readonly #stack: Stack;
  readonly #browser: Browser;
  readonly #room = `call-${process.pid}`;
  readonly #present: Participant[] = [];
  readonly #problems: string[] = [];

  constructor(options: CallOptions, stack: Stack, browser: Browser) {
    this.#options = options;
    this.#stack = stack;
    this.#browser = browser;
  }

  async run(): Promise<CallResult> {
    const before = await takeInventory(this.#stack);
    const joins: Join[] = [];
    for (let number = 0; number < this.#options.participants; number++) joins.push(await this.#join(number));
    const streams = await this.#talk();
    await this.#photograph();
    for (const participant of [...this.#present]) await this.#leave(participant);
    this.#options.onProgress('checking that nothing is left');
    const look = () => leftSince(before, this.#stack);
    const { good, seen: left } = await until(look, isNothing, { deadline: CLEAN_DEADLINE });
    if (!good) this.#problems.push(`something is left: ${JSON.stringify(left)}`);
    return { streams, joins, left, problems: this.#problems };
  }

  async #join(number: number): Promise<Join> {
    const name = NAMES[number] ?? `Guest ${number + 1}`;
    this.#options.onProgress(`${name} joins`);
    const { demo, emulator } = this.#stack;
    const { size } = this.#options;
    const { openConnections } = await emulator.metrics();
    this.#present.push(await Participant.join(this.#browser, { demo, room: this.#room, name, ...(size && { size }) }));
    const reports = await this.#untilAllFlow();
    const metrics = await emulator.metrics();
    const connection = metrics.openConnections.find((id) => !openConnections.includes(id));
    const join = joinOf(reports, name);
    if (!join || connection === undefined) throw new Error(`${name} is in the room without a signalling connection`);
    const firstFrames = streamsOf(reports).flatMap(({ to, firstFrameMs }) => (to === name ? (firstFrameMs ?? []) : []));
    return {
      ...joinCost(metrics, connection, join),
      firstFrameMs: firstFrames.length > 0 ? Math.min(...firstFrames) : null,
    };
  }

  async #reports(): Promise<Reports> {
    const entries = this.#present.map(async (participant) => [participant.name, await participant.report()] as const);
    return new Map(await Promise.all(entries));
  }

  async #untilAllFlow(): Promise<Reports> {
    const areFlowing = (reports: Reports) => streamsOf(reports).every(isFlowing);
    const { good, seen } = await until(() => this.#reports(), areFlowing, { deadline: FLOW_DEADLINE, every: 250 });
    if (good) return seen;
    const missing = streamsOf(seen).filter((stream) => !isFlowing(stream));
    const pairs = missing.map(({ from, to }) => `${from} → ${to}`).join(', ');
    throw new Error(`no picture or no sound after ${FLOW_DEADLINE / 1000} s: ${pairs}${this.#pageErrors()}`);
  }

  async #talk(): Promise<readonly Stream[]> {
    const { seconds, onProgress, onStreams, onTalked } = this.#options;
    onProgress(`everybody sees and hears everybody; ${seconds} s of talk`);
    const before = streamsOf(await this.#reports());
    const end = performance.now() + seconds * 1000;
    let streams = before;
    while (performance.now() < end) {
      await delay(Math.min(1000, Math.max(0, end - performance.now())));
      streams = streamsOf(await this.#reports());
      onStreams(streams);
    }
    onTalked();
    const received = since(before, streams);
    this.#problems.push(
      ...received
        .filter((stream) => !isFluent(stream, seconds))
        .map(({ from, to }) => `${from} → ${to}: too little came in ${seconds} s`),
    );
    return received;
  }

  async #photograph(): Promise<void> {
    const { screenshot } = this.#options;
    await mkdir(dirname(screenshot), { recursive: true });
    await this.#present[0]?.page.screenshot({ path: screenshot });
  }

  async #leave(participant: Participant): Promise<void> {
    const { name } = participant;
    this.#options.onProgress(`${name} leaves`);
    await participant.leave();
    this.#present.splice(this.#present.indexOf(participant), 1);
    const isGone = (reports: Reports) =>
      [...reports.values()].every(({ streams }) => streams.every(({ from }) => from !== name));
    const { good } = await until(() => this.#reports(), isGone, { deadline: TILE_DEADLINE });
    if (!good) this.#problems.push(`${name} has left, yet somebody still shows a tile of that name`);
    this.#problems.push(...participant.errors);
  }

  #pageErrors(): string {
    return this.#present.flatMap(({ errors }) => errors.map((error) => `; ${error}`)).join('');
  }
}
