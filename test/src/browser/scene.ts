import { readFileSync, statSync } from 'node:fs';
import { type Stack, type StackOptions, startStack } from '@hyperroom/local';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFailed, vi } from 'vitest';
import { type Inventory, leftSince, takeInventory } from '../call/inventory.ts';
import { type Attendee, Participant } from '../call/participant.ts';
import type { RunningStack } from '../call/running-stack.ts';
import { isFlowing, type Reports, type Stream, streamsOf } from '../call/streams.ts';
import { launchChromium } from '../chromium/launch.ts';
import { SHUFFLED } from './shuffled.ts';

/** Small pictures: the browsers are what two cores feel. */
export const CAMERA = '320x180@15';
export const JOIN = { timeout: 30_000 };
const SOON = { timeout: 10_000, interval: 100 };

/** A stack and a browser, for the tests of a file. */
export class Scene<Running extends RunningStack = RunningStack> {
  readonly stack: Running;
  readonly browser: Browser;

  constructor(stack: Running, browser: Browser) {
    this.stack = stack;
    this.browser = browser;
  }

  join(room: string, name: string, browser = this.browser): Promise<Participant> {
    return Participant.join(browser, { demo: this.stack.demo, room, name, size: CAMERA });
  }

  /** Whoever is still in a room goes, so that a test that fails leaves nobody to the next one; but for those `who` stay. */
  async closePages(...who: readonly Page[]): Promise<void> {
    const staying = who.map((page) => page.context());
    const going = this.browser.contexts().filter((context) => !staying.includes(context));
    await Promise.all(going.map((context) => context.close()));
  }

  inventory(): Promise<Inventory> {
    return takeInventory(this.stack);
  }

  async expectNothingSince(before: Inventory): Promise<void> {
    const nothing = { rooms: 0, items: 0, pipelines: 0, endpoints: 0 };
    await vi.waitFor(async () => expect(await leftSince(before, this.stack)).toEqual(nothing), SOON);
  }
}

/** The suite's stack and a browser of the file's own: for tests that break nothing but what is theirs. */
export function useScene(): () => Scene {
  const { stack, log } = inject('stage');
  useReport(() => {
    const { size } = statSync(log);
    return () => readFileSync(log).subarray(size).toString();
  });
  return useOpened(async () => new Scene(stack, await launchScene()));
}

/** A scene with a stack of its own, for what is set up differently, looked into, or broken. */
export function useOwnScene(options: StackOptions = {}): () => Scene<Stack> {
  const said: string[] = [];
  const log = (line: string) => said.push(`${new Date().toISOString()} ${line}`);
  useReport(() => {
    said.length = 0;
    return () => said.join('\n');
  });
  let stack: Stack | undefined;
  // What is registered first is done last: the browser closes before.
  afterAll(() => stack?.close());
  return useOpened(async () => {
    stack = await startStack({ delivery: SHUFFLED, log, ...options });
    return new Scene(stack, await launchScene());
  });
}

const launchScene = () => launchChromium({ frameRate: 10 });

function useOpened<Opened extends Scene>(open: () => Promise<Opened>): () => Opened {
  let scene: Opened | undefined;
  beforeAll(async () => {
    scene = await open();
  });
  afterAll(() => scene?.browser.close());
  return () => {
    if (!scene) throw new Error('the scene opens before the tests');
    return scene;
  };
}

/** What fails once in a hundred runs has to be understood from that one. */
function useReport(listen: () => () => string): void {
  beforeEach(() => {
    const heard = listen();
    onTestFailed(() => console.error(`The stack said meanwhile:\n${heard()}`));
  });
}

export async function streams(participants: readonly Attendee[]): Promise<Stream[]> {
  const reports = participants.map(async (participant) => [participant.name, await participant.report()] as const);
  return streamsOf(new Map(await Promise.all(reports)) satisfies Reports);
}

/** Everybody sees and hears everybody. */
export async function expectAllFlowing(participants: readonly Attendee[]): Promise<void> {
  const notFlowing = async () => (await streams(participants)).filter((stream) => !isFlowing(stream)).map(nameOf);
  await vi.waitFor(async () => expect(await notFlowing()).toEqual([]), { timeout: 30_000, interval: 200 });
}

/** Each stream brings more pictures, and more sound, than it had. */
export async function expectMoreOfEach(participants: readonly Attendee[], more = 20): Promise<void> {
  const before = new Map((await streams(participants)).map((stream) => [nameOf(stream), stream]));
  const standingStill = async () => {
    const now = await streams(participants);
    return now.filter((stream) => !hasMore(stream, before.get(nameOf(stream)), more)).map(nameOf);
  };
  await vi.waitFor(async () => expect(await standingStill()).toEqual([]), { timeout: 20_000, interval: 100 });
}

/** No more pictures of somebody come, though sound does. */
export async function expectSoundOnly(to: Attendee, from: Attendee): Promise<void> {
  let last: Stream | undefined;
  const look = async () => {
    const stream = (await streams([to, from])).find((stream) => stream.to === to.name);
    const before = last;
    last = stream;
    if (!stream || !before) return undefined;
    return {
      stands: stream.framesDecoded === before.framesDecoded,
      sounds: stream.audioPackets > before.audioPackets,
    };
  };
  // A second of silence apart: a picture or two may have been on their way.
  await vi.waitFor(async () => expect(await look()).toEqual({ stands: true, sounds: true }), {
    timeout: 10_000,
    interval: 1_000,
  });
}

/** Everybody shows tiles of exactly these names. */
export async function expectRosters(participants: readonly Attendee[]): Promise<void> {
  const names = participants.map(({ name }) => name).sort();
  await vi.waitFor(async () => {
    const rosters = await Promise.all(participants.map(({ page }) => tileNames(page)));
    expect(rosters).toEqual(participants.map(() => names));
  }, SOON);
}

function tileNames(page: Attendee['page']): Promise<unknown> {
  return page.evaluate(
    `[...document.querySelectorAll('[data-testid=tile]')].map((tile) => tile.dataset.participant).sort()`,
  );
}

function hasMore(now: Stream, before: Stream | undefined, more: number): boolean {
  if (!before) return false;
  return now.framesDecoded >= before.framesDecoded + more && now.audioPackets >= before.audioPackets + more;
}

function nameOf({ from, to }: Stream): string {
  return `${from} → ${to}`;
}
