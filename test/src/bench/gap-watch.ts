import * as v from 'valibot';
import { until } from '../call/until.ts';
import { type Gap, gapOf, type SeenFrame, type Sent } from './gap-figures.ts';

/** A participant in a page (`page/member.ts`) that publishes numbered pictures. */
export interface Watcher {
  readonly name: string;
  ask(command: string, ...parameters: unknown[]): Promise<unknown>;
}

/** Pictures of each stream that make a baseline, and that prove it to be back. */
const ENOUGH = 25;
const DEADLINE = 45_000;
/** Nothing new in this time: all that was sent has come. */
const SILENCE = 400;

const Sending = v.object({ painted: v.number(), encoded: v.number(), connection: v.number() });
const Frames = v.array(v.object({ at: v.number(), number: v.number(), track: v.number() }));

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly frames: readonly SeenFrame[];
}

/** Has everybody see everybody, inflicts a fault, waits until all are seen again, and tells what it did to each stream. */
export async function watchGaps(watchers: readonly Watcher[], inflict: () => Promise<unknown>): Promise<Gap[]> {
  const watch = new Watch(watchers);
  await watch.untilEnough(0);
  const before = await watch.rest();
  await watch.untilEnough(before.at);
  const faultAt = Date.now();
  await inflict();
  await watch.untilEnough(Date.now());
  const after = await watch.rest();
  const streams = await watch.streams(before.at);
  return streams.map((stream) => {
    const sent = { before: sentBy(stream.from, before.sent), after: sentBy(stream.from, after.sent) };
    return gapOf({ ...stream, sent }, faultAt, after.at);
  });
}

function sentBy(name: string, sent: ReadonlyMap<string, Sent>): Sent {
  return sent.get(name) ?? { painted: 0, encoded: 0, connection: 0 };
}

class Watch {
  readonly #watchers: readonly Watcher[];

  constructor(watchers: readonly Watcher[]) {
    this.#watchers = watchers;
  }

  /** Until each stream has brought enough pictures since a moment. */
  async untilEnough(since: number): Promise<void> {
    const lacking = async () => (await this.streams(since)).filter(({ frames }) => frames.length < ENOUGH);
    const { good, seen } = await until(lacking, (streams) => streams.length === 0, { deadline: DEADLINE });
    if (good) return;
    const names = seen.map(({ from, to, frames }) => `${from} → ${to} (${frames.length})`);
    throw new Error(`too few pictures after ${DEADLINE / 1000} s: ${names.join(', ')}`);
  }

  /** Has everybody send nothing until all that was sent has come; gives what that was, and when. */
  async rest(): Promise<{ readonly at: number; readonly sent: ReadonlyMap<string, Sent> }> {
    await this.#all('rest', true);
    await this.#untilSilent();
    const sent = await Promise.all(
      this.#watchers.map(async (watcher) => [watcher.name, v.parse(Sending, await watcher.ask('sent'))] as const),
    );
    const at = Date.now();
    await this.#all('rest', false);
    return { at, sent: new Map(sent) };
  }

  /** What each has seen of each since a moment. */
  streams(since: number): Promise<Pair[]> {
    const pairs = this.#watchers.flatMap((to) =>
      this.#watchers.filter((from) => from !== to).map((from) => ({ from, to })),
    );
    return Promise.all(
      pairs.map(async ({ from, to }) => {
        const frames = v.parse(Frames, await to.ask('frames', from.name, since));
        return { from: from.name, to: to.name, frames };
      }),
    );
  }

  async #untilSilent(): Promise<void> {
    const latest = async () => {
      const streams = await this.streams(Date.now() - SILENCE);
      return streams.flatMap(({ frames }) => frames).length;
    };
    await until(latest, (frames) => frames === 0, { deadline: DEADLINE });
  }

  async #all(command: string, ...parameters: unknown[]): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.ask(command, ...parameters)));
  }
}
