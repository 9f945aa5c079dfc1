import { type Stack, startStack } from '@hyperroom/local';
import type { Browser } from 'playwright-core';
import * as v from 'valibot';
import { stopPages } from '../call/dead-network.ts';
import { MemberPage } from '../call/member-page.ts';
import { until } from '../call/until.ts';
import { launchChromium } from '../chromium/launch.ts';
import { bringBack, dropSocket, killAndRestart, loseNode, nodeOf } from './gap-faults.ts';
import type { Gap } from './gap-figures.ts';
import type { FaultResult, GapBudget } from './gap-table.ts';
import { type Watcher, watchGaps } from './gap-watch.ts';

export interface GapOptions {
  /** How often each fault happens. */
  readonly repeat: number;
  readonly onProgress: (step: string) => void;
  readonly log: (line: string) => void;
}

/** A call of two or three in a room of its own. */
interface Call {
  readonly stack: Stack;
  readonly room: string;
  readonly watchers: readonly Watcher[];
  /** The last of them. */
  readonly id: string;
}

interface Fault {
  readonly what: string;
  readonly budget: GapBudget;
  readonly inflict: (call: Call) => Promise<unknown>;
  /** Puts the stack right again. */
  readonly mend?: (stack: Stack) => Promise<unknown>;
}

/** An engine's end is certain after 3 s without it, a node's after 5 at the latest; everybody is back 5 s later. */
const ENGINE_CRASH = 8_000;
/** Nobody is to see it: a moment at the most, for the first picture of the new way may be late. */
const DRAIN = 1_000;
const NODE_LOSS = 10_000;
const KILLED_TAB = 10_000;
const DEAD_NETWORK = 30_000;

const FAULTS: readonly Fault[] = [
  {
    what: 'a client’s socket is dropped',
    budget: 'no picture',
    inflict: ({ stack, room, id }) => dropSocket(stack, room, id),
  },
  {
    what: 'a client’s socket is dropped, and nobody told',
    budget: 'no picture',
    inflict: ({ stack, room, id }) => dropSocket(stack, room, id, true),
  },
  {
    what: 'the agent is killed, and starts again',
    budget: 'no picture',
    inflict: async ({ stack, room }) => killAndRestart((await nodeOf(stack, room)).agent),
  },
  {
    what: 'the agent is asked to end, and starts again',
    budget: 'no picture',
    inflict: async ({ stack, room }) => killAndRestart((await nodeOf(stack, room)).agent, 'SIGTERM'),
  },
  {
    what: 'a media node drains, and its rooms move',
    budget: { ms: DRAIN },
    // From the move until long after the old node has gone.
    inflict: async ({ stack, room }) => killAndRestart((await nodeOf(stack, room)).agent, 'SIGUSR2'),
  },
  {
    what: 'the media engine is killed, and starts again',
    budget: { ms: ENGINE_CRASH },
    inflict: async ({ stack, room }) => {
      const { engine } = await nodeOf(stack, room);
      if (engine) await killAndRestart(engine);
    },
  },
  {
    what: 'a media node is lost to another',
    budget: { ms: NODE_LOSS },
    inflict: async ({ stack, room }) => loseNode(await nodeOf(stack, room)),
    mend: async ({ nodes }) => {
      for (const node of nodes) if (node.agent.process.signalCode) await bringBack(node);
    },
  },
];

const NAMES = ['Ada', 'Ben', 'Cleo'] as const;
const DEADLINE = 60_000;
const State = v.object({ id: v.string(), participants: v.record(v.string(), v.unknown()) });

/** Inflicts one fault after another on calls with real media, and measures what is missing of each stream. */
export async function benchGaps(options: GapOptions): Promise<FaultResult[]> {
  const { onProgress, log } = options;
  // What drains moves at once: nobody wants to see rooms end by themselves.
  process.env.DRAIN_SECONDS = '0';
  const stack = await startStack({ nodes: 2, onProgress, log });
  const browser = await launchChromium({ onProgress });
  try {
    return await new GapBench(options, stack, browser).run();
  } finally {
    await browser.close();
    await stack.close();
  }
}

class GapBench {
  readonly #options: GapOptions;
  readonly #stack: Stack;
  readonly #browser: Browser;

  constructor(options: GapOptions, stack: Stack, browser: Browser) {
    this.#options = options;
    this.#stack = stack;
    this.#browser = browser;
  }

  async run(): Promise<FaultResult[]> {
    const results: FaultResult[] = [];
    for (const [index, fault] of FAULTS.entries()) {
      const { what, budget } = fault;
      const rounds = await this.#repeat(what, (round) => this.#gaps(fault, `gaps-${index}-${round}`));
      results.push({ what, budget, rounds });
    }
    const killed = await this.#repeat('a tab is killed', (round) => this.#gone(`killed-${round}`, killTabs));
    results.push({ what: 'a tab is killed: others see it gone', budget: { ms: KILLED_TAB }, rounds: killed });
    const dead = await this.#repeat('a network dies', (round) => this.#gone(`dead-${round}`, stopPages));
    results.push({ what: 'a network dies: others see it gone', budget: { ms: DEAD_NETWORK }, rounds: dead });
    return results;
  }

  async #repeat<Result>(what: string, once: (round: number) => Promise<Result>): Promise<Result[]> {
    const { repeat, onProgress } = this.#options;
    const results: Result[] = [];
    for (let round = 1; round <= repeat; round++) {
      onProgress(`${what}: ${round} of ${repeat}`);
      results.push(await once(round));
    }
    return results;
  }

  async #gaps(fault: Fault, room: string): Promise<Gap[]> {
    const page = await MemberPage.open(this.#browser, this.#stack);
    const watchers: Watcher[] = [];
    for (const name of NAMES) watchers.push(await this.#join(page, room, name));
    const { id } = v.parse(State, await page.run('state', NAMES.at(-1)));
    const gaps = await watchGaps(watchers, () => fault.inflict({ stack: this.#stack, room, watchers, id }));
    for (const name of NAMES) await page.run('call', name, ['leave']);
    await page.page.context().close();
    await fault.mend?.(this.#stack);
    return gaps;
  }

  /** Milliseconds until nobody sees a participant any more to whose browser something is done. */
  async #gone(room: string, inflict: (browser: Browser) => Promise<() => void>): Promise<number> {
    const browser = await launchChromium();
    let undo = () => {};
    try {
      const ada = await MemberPage.open(this.#browser, this.#stack);
      await this.#join(ada, room, 'Ada');
      const ben = await MemberPage.open(browser, this.#stack);
      await this.#join(ben, room, 'Ben');
      const seen = async () => Object.keys(v.parse(State, await ada.run('state', 'Ada')).participants);
      await this.#until(seen, (names) => names.length === 1);
      const began = performance.now();
      undo = await inflict(browser);
      await this.#until(seen, (names) => names.length === 0);
      const took = performance.now() - began;
      await ada.page.context().close();
      return took;
    } finally {
      undo();
      await browser.close();
    }
  }

  async #join(page: MemberPage, room: string, name: string): Promise<Watcher> {
    const { signalling, domain } = this.#stack;
    await page.run('arrive', name, signalling, domain);
    await page.run('join', name, room, { create: true, media: ['audio', 'video'] });
    return { name, ask: (command, ...parameters) => page.run(command, name, ...parameters) };
  }

  async #until<Seen>(look: () => Promise<Seen>, isGood: (seen: Seen) => boolean): Promise<void> {
    const { good, seen } = await until(look, isGood, { deadline: DEADLINE, every: 50 });
    if (!good) throw new Error(`not within ${DEADLINE / 1000} s: ${JSON.stringify(seen)}`);
  }
}

/** As when the memory runs out. */
async function killTabs(browser: Browser): Promise<() => void> {
  const [page] = browser.contexts().flatMap((context) => context.pages());
  if (!page) throw new Error('the browser shows no page');
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // Never answered: there is nobody left to.
  session.send('Page.crash').catch(() => {});
  await crashed;
  return () => {};
}
