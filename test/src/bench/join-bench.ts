import { measureSizes, type Size } from '@hyperroom/client/build';
import { synthSignalling } from '@hyperroom/infra';
import { type Stack, startStack } from '@hyperroom/local';
import type { Browser } from 'playwright-core';
import { itemBytes } from '../call/inventory.ts';
import { launchChromium } from '../chromium/launch.ts';
import { BenchPage } from './bench-page.ts';
import { type JoinFigures, joinFigures } from './join-figures.ts';

export interface BenchOptions {
  /** How often the call of three is made. */
  readonly repeat: number;
  readonly onProgress: (step: string) => void;
  readonly log: (line: string) => void;
}

/** Milliseconds, one of each for every repetition. */
export interface Times {
  /** Two peer connections in one page, no server: what no system could beat here. */
  readonly floor: number[];
  /** From the joiner's start to the first picture: his of somebody, his of everybody, everybody's of him. */
  readonly joiner: { readonly two: number[]; readonly three: number[]; readonly threeAll: number[] };
  readonly others: { readonly two: number[]; readonly three: number[] };
  /** The joiner's first picture at two, in pages that have just been opened. */
  readonly cold: number[];
}

export interface BenchResult {
  /** Of the calls of three, then of one call that fills up to `CROWD`. */
  readonly joins: readonly JoinFigures[];
  readonly times: Times;
  readonly sdk: readonly Size[];
}

const CAMERA = { audio: true, video: { width: 320, height: 180, frameRate: 15 } };
const NAMES = ['Ada', 'Ben', 'Cleo'] as const;
/** The design's budget speaks of up to so many. */
const CROWD = 8;

/** Measures joins on a stack of its own, in pages of one browser. */
export async function benchJoins(options: BenchOptions): Promise<BenchResult> {
  const { onProgress, log } = options;
  const browser = await launchChromium({ onProgress, frameRate: CAMERA.video.frameRate });
  try {
    const stack = await startStack({ onProgress, log });
    try {
      const bench = new JoinBench(stack, browser, await memoryOfFunctions(stack.domain));
      const times = await bench.callsOfThree(options);
      onProgress(`a room fills up to ${CROWD}, by voice only`);
      await bench.crowd();
      return { joins: bench.joins, times, sdk: await measureSizes() };
    } finally {
      await stack.close();
    }
  } finally {
    await browser.close();
  }
}

class JoinBench {
  readonly joins: JoinFigures[] = [];
  readonly #stack: Stack;
  readonly #browser: Browser;
  readonly #memoryOf: (functionName: string) => number;

  constructor(stack: Stack, browser: Browser, memoryOf: (functionName: string) => number) {
    this.#stack = stack;
    this.#browser = browser;
    this.#memoryOf = memoryOf;
  }

  /** The first one is counted apart: it finds every program cold. */
  async callsOfThree({ repeat, onProgress }: BenchOptions): Promise<Times> {
    const open = () => BenchPage.open(this.#browser, this.#stack, CAMERA);
    const pages = [await open(), await open(), await open()] as const;
    const times: Times = {
      floor: [],
      joiner: { two: [], three: [], threeAll: [] },
      others: { two: [], three: [] },
      cold: [],
    };
    for (let round = 0; round <= repeat; round++) {
      onProgress(round === 0 ? 'a call of three to warm up' : `call of three, ${round} of ${repeat}`);
      const measured = await this.#callOfThree(pages, `bench-${round}`);
      if (round === 0) {
        times.cold.push(...measured.two.joiner);
        continue;
      }
      this.joins.push(...measured.joins);
      times.floor.push(measured.floor);
      times.joiner.two.push(...measured.two.joiner);
      times.joiner.three.push(Math.min(...measured.three.joiner));
      times.joiner.threeAll.push(Math.max(...measured.three.joiner));
      times.others.two.push(...measured.two.others);
      times.others.three.push(...measured.three.others);
    }
    return times;
  }

  /** One page, many participants: their number of messages does not depend on what they publish. */
  async crowd(): Promise<void> {
    const page = await BenchPage.open(this.#browser, this.#stack, { audio: true });
    const names = Array.from({ length: CROWD }, (_, index) => `Voice ${index + 1}`);
    for (const [index, name] of names.entries()) {
      const { figures } = await this.#join(page, 'bench-crowd', name, index + 1);
      this.joins.push(figures);
    }
    for (const name of names) await page.leave(name);
  }

  async #callOfThree([a, b, c]: readonly [BenchPage, BenchPage, BenchPage], room: string) {
    const [ada, ben, cleo] = NAMES;
    const floor = await a.floor();
    const first = await this.#join(a, room, ada, 1);
    const second = await this.#join(b, room, ben, 2);
    const two = {
      joiner: Object.values(await b.seen(ben, [ada])).map((at) => at - second.startedAt),
      others: [await a.seen(ada, [ben])].map((seen) => (seen[ben] ?? Number.NaN) - second.startedAt),
    };
    const third = await this.#join(c, room, cleo, 3);
    const three = {
      joiner: Object.values(await c.seen(cleo, [ada, ben])).map((at) => at - third.startedAt),
      others: [await a.seen(ada, [cleo]), await b.seen(ben, [cleo])].map(
        (seen) => (seen[cleo] ?? Number.NaN) - third.startedAt,
      ),
    };
    for (const [page, name] of [[a, ada] as const, [b, ben] as const, [c, cleo] as const]) await page.leave(name);
    return { floor, two, three, joins: [first.figures, second.figures, third.figures] };
  }

  async #join(page: BenchPage, room: string, name: string, participants: number) {
    const { emulator } = this.#stack;
    const before = structuredClone(await emulator.metrics());
    const agent = before.openConnections[0] ?? '';
    const startedAt = await page.join(room, name);
    const join = (await page.joins()).at(-1);
    if (!join) throw new Error(`${name} has joined without a socket`);
    const after = await emulator.metrics();
    const roomBytes = await itemBytes(this.#stack, `room#${room}`);
    const memoryOf = this.#memoryOf;
    return { startedAt, figures: joinFigures({ before, after, join, agent, participants, roomBytes, memoryOf }) };
  }
}

/** Megabytes, by the name that the emulator gives a function. */
async function memoryOfFunctions(domain: string): Promise<(functionName: string) => number> {
  const { template } = await synthSignalling({ domain, allowAnonymous: true });
  const functions = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  return (functionName) => {
    const found = functions.find(([id]) => id.toLowerCase().startsWith(functionName.toLowerCase()));
    return Number(found?.[1].Properties?.MemorySize ?? 128);
  };
}
