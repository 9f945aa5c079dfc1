import { expect, vi } from 'vitest';
import { IdMap } from './ids.ts';
import { differences } from './kinds.ts';
import { RpcClient } from './rpc-client.ts';
import { Timeline } from './timeline.ts';
import { eventOf, isObject, type Json, type JsonObject, type RecordedEvent, type TraceEntry } from './trace.ts';

export interface ReplayHooks {
  /** How long the engine may take for events that the recording has; 10 s if not given. */
  readonly patienceMs?: number;
  /** Replaces what a recorded client frame carries of a live browser, such as its offer. */
  adapt?(frame: JsonObject): Promise<JsonObject>;
  /** Sees the engine's reply to a client frame. */
  replied?(request: JsonObject, reply: JsonObject): Promise<void>;
  /** Sees the engine's events as they come. */
  event?(event: RecordedEvent): void;
  /** Acts on a note of the recording. */
  note?(text: string): Promise<void>;
}

const SOCKET_GONE = /^socket (\d+) (cut|closed by client side|closed by KMS)/;

/**
 * Sends the client frames of a recording to the engine and expects the same kinds of answers, in the same
 * order, and the same events by the time that the recorded client went on.
 */
export class Replay {
  readonly ids = new IdMap();
  private readonly url: string;
  private readonly trace: readonly TraceEntry[];
  private readonly hooks: ReplayHooks;
  private readonly clients = new Map<number, RpcClient>();
  private readonly recordedEvents: { conn: number; event: RecordedEvent }[] = [];
  private readonly problems: string[] = [];

  constructor(url: string, trace: readonly TraceEntry[], hooks: ReplayHooks = {}) {
    this.url = url;
    this.trace = trace;
    this.hooks = hooks;
  }

  /** Returns everything in which the engine's answers differ in kind from the recorded ones. */
  async run(): Promise<string[]> {
    for (const [index, entry] of this.trace.entries()) await this.step(entry, index);
    await this.eventsCaughtUp();
    for (const client of this.clients.values()) client.terminate();
    return this.problems;
  }

  private async step(entry: TraceEntry, index: number): Promise<void> {
    const conn = entry.conn ?? 1;
    if (entry.dir === 'note') return this.note(entry.note ?? '');
    if (entry.dir === 'server') {
      const event = eventOf(entry.frame);
      if (event) this.recordedEvents.push({ conn, event });
      return;
    }
    await this.eventsCaughtUp();
    const client = await this.client(conn);
    if (entry.raw !== undefined && !isJson(entry.raw)) client.sendText(entry.raw);
    else await this.request(client, conn, entry.frame ?? (JSON.parse(entry.raw ?? 'null') as Json), index);
  }

  private async request(client: RpcClient, conn: number, recorded: Json, index: number): Promise<void> {
    const translated = this.ids.translate(recorded);
    const frame = isObject(translated) ? await (this.hooks.adapt?.(translated) ?? translated) : translated;
    const reply = await client.exchange(frame);
    const expected = this.recordedReply(conn, recorded, index);
    this.ids.learn(expected, reply);
    const found = differences(this.comparable(expected), this.comparable(reply));
    this.problems.push(...found.map((text) => `line ${index + 2}, ${JSON.stringify(recorded).slice(0, 120)}: ${text}`));
    if (isObject(frame)) await this.hooks.replied?.(frame, reply);
  }

  /** Errors must be the very same; results only of the same kind. */
  private comparable(reply: JsonObject): Json {
    if (!isObject(reply.error)) return reply;
    return { id: reply.id ?? null, error: JSON.stringify(this.ids.translate(sorted(reply.error))) };
  }

  private recordedReply(conn: number, request: Json, after: number): JsonObject {
    const id = isObject(request) && request.jsonrpc === '2.0' ? (request.id ?? null) : null;
    const entry = this.trace
      .slice(after)
      .find(({ dir, conn: on = 1, frame }) => dir === 'server' && on === conn && isObject(frame) && frame.id === id);
    if (!isObject(entry?.frame)) throw new Error(`no recorded reply to ${JSON.stringify(request)}`);
    return entry.frame;
  }

  private async note(text: string): Promise<void> {
    await this.eventsCaughtUp();
    const [, conn, how] = SOCKET_GONE.exec(text) ?? [];
    const client = this.clients.get(Number(conn));
    if (client && how === 'closed by KMS') expect(await client.closed()).toBe(1006);
    else if (client) client.terminate();
    else if (!conn) await this.hooks.note?.(text);
  }

  private async client(conn: number): Promise<RpcClient> {
    const client = this.clients.get(conn) ?? (await RpcClient.open(this.url));
    this.clients.set(conn, client);
    client.onEvent = (event) => this.hooks.event?.(event);
    return client;
  }

  /** Waits until every event recorded so far has come from the engine too, in the same order by subject. */
  private async eventsCaughtUp(): Promise<void> {
    const recorded = this.recordedTimeline();
    await vi.waitFor(() => expect(this.actualTimeline().upTo(recorded)).toEqual(recorded.tracks), {
      timeout: this.hooks.patienceMs ?? 10_000,
      interval: 5,
    });
  }

  private recordedTimeline(): Timeline {
    const timeline = new Timeline();
    for (const { conn, event } of this.recordedEvents) {
      if (this.isOurs(event))
        timeline.add(conn, { ...event, ...this.ids.translate({ object: event.object, data: event.data }) });
    }
    return timeline;
  }

  private actualTimeline(): Timeline {
    const timeline = new Timeline();
    for (const [conn, client] of this.clients) for (const event of client.events) timeline.add(conn, event);
    return timeline;
  }

  /** A recording also holds what other clients of that server made. */
  private isOurs({ data }: RecordedEvent): boolean {
    const about = data.object ?? data.objectId;
    return typeof about !== 'string' || this.ids.knows(about);
  }

  /** What the engine sent beyond the recording, or in another shape. */
  eventProblems(): string[] {
    const recorded = this.recordedTimeline();
    const actual = this.actualTimeline();
    const sequences = Object.keys(actual.tracks).flatMap((track) => {
      const [theirs, ours] = [recorded.tracks[track]?.join(), actual.tracks[track]?.join()];
      return theirs === ours ? [] : [`${track}: recorded ${theirs}, got ${ours}`];
    });
    return [...sequences, ...this.shapeProblems()];
  }

  private shapeProblems(): string[] {
    const events = [...this.clients.values()].flatMap((client) => client.events);
    return events.flatMap((event) => {
      const like = this.recordedEvents.filter(({ event: { type } }) => type === event.type);
      const found = like.map(({ event: recorded }) => differences(recorded.data, event.data, event.type));
      return found.some((list) => list.length === 0) ? [] : (found[0] ?? [`${event.type} was never recorded`]);
    });
  }
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
