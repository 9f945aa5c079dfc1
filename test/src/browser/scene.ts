import { type Stack, type StackOptions, startStack } from '@hyperroom/local';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, vi } from 'vitest';
import { type Inventory, leftSince, takeInventory } from '../call/inventory.ts';
import { type Attendee, Participant } from '../call/participant.ts';
import { isFlowing, type Reports, type Stream, streamsOf } from '../call/streams.ts';
import { launchChromium } from '../chromium/launch.ts';

/** Small pictures: the browsers are what two cores feel. */
export const CAMERA = '320x180@15';
export const JOIN = { timeout: 30_000 };
const SOON = { timeout: 10_000, interval: 100 };

/** A whole stack and a browser, for the tests of a file. */
export class Scene {
  readonly stack: Stack;
  readonly browser: Browser;

  private constructor(stack: Stack, browser: Browser) {
    this.stack = stack;
    this.browser = browser;
  }

  static async open(options: StackOptions): Promise<Scene> {
    const stack = await startStack(options);
    try {
      return new Scene(stack, await launchChromium({ frameRate: 15 }));
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.stack.close();
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

/**
 * A scene that lasts as long as the file's tests. The API shuffles what a client sends in one go: nothing may depend on
 * the order of messages.
 */
export function useScene(options: StackOptions = {}): () => Scene {
  let scene: Scene | undefined;
  const said: string[] = [];
  const log = (line: string) => said.push(`${new Date().toISOString()} ${line}`);
  beforeAll(async () => {
    scene = await Scene.open({ delivery: { mode: 'reorder', seed: 7 }, log, ...options });
  });
  beforeEach(() => {
    said.length = 0;
    // What fails once in a hundred runs has to be understood from that one.
    onTestFailed(() => console.error(['The stack said meanwhile:', ...said].join('\n')));
  });
  afterAll(() => scene?.close());
  return () => {
    if (!scene) throw new Error('the scene opens before the tests');
    return scene;
  };
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
