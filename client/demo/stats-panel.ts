import type { ReceivedStats, Room, RoomStats, SentStats } from '../src/index.ts';
import { h } from './dom.ts';
import type { Panel } from './side-panel.ts';

const INTERVAL = 1_000;

type StreamStats = SentStats | ReceivedStats;

/** What is sent and received at the moment, stream by stream. */
export class StatsPanel implements Panel {
  readonly name = 'stats';
  readonly title = 'Statistics';
  readonly icon = 'stats';
  readonly element = h('div', { class: 'panel-body', 'data-testid': 'stats' }, h('p', { class: 'lead' }, 'Measuring…'));
  readonly #room: Room;
  #timer: ReturnType<typeof setInterval> | undefined;
  #before: RoomStats | undefined;

  constructor(room: Room) {
    this.#room = room;
  }

  draw(): void {}

  opened(): void {
    this.#timer = setInterval(() => this.#measure(), INTERVAL);
    this.#measure();
  }

  closed(): void {
    clearInterval(this.#timer);
    this.#before = undefined;
  }

  async #measure(): Promise<void> {
    const before = this.#before;
    const now = await this.#room.getStats();
    this.#before = now;
    if (before) this.element.replaceChildren(this.#totals(before, now), this.#streams(before, now));
  }

  #totals(before: RoomStats, now: RoomStats): HTMLElement {
    const { bytesSent, bytesReceived, packetsReceived, packetsLost, roundTrip } = now.totals;
    const seconds = (now.time - before.time) / 1000;
    const facts: [string, string][] = [
      ['Sent', rate(bytesSent - before.totals.bytesSent, seconds)],
      ['Received', rate(bytesReceived - before.totals.bytesReceived, seconds)],
      ['Lost', `${packetsLost} of ${packetsReceived + packetsLost} packets`],
      ['There and back', milliseconds(roundTrip)],
    ];
    return h('dl', { class: 'facts' }, ...facts.flatMap(([term, fact]) => [h('dt', {}, term), h('dd', {}, fact)]));
  }

  #streams(before: RoomStats, now: RoomStats): HTMLElement {
    const seconds = (now.time - before.time) / 1000;
    const earlier = new Map([...before.sent, ...before.received].map((stream) => [keyOf(stream), stream]));
    const items = [...now.sent, ...now.received].map((stream) => {
      const bytes = stream.bytes - (earlier.get(keyOf(stream))?.bytes ?? 0);
      const facts = [
        rate(bytes, seconds),
        picture(stream),
        stream.packetsLost !== undefined && `${stream.packetsLost} lost`,
        stream.jitter !== undefined && `jitter ${milliseconds(stream.jitter)}`,
      ];
      return h('li', {}, h('strong', {}, this.#nameOf(stream)), h('span', {}, facts.filter(Boolean).join(' · ')));
    });
    return h('ul', { class: 'streams', 'aria-label': 'Streams' }, ...items);
  }

  #nameOf(stream: StreamStats): string {
    const who = 'participant' in stream ? (this.#room.participants.get(stream.participant)?.name ?? 'gone') : 'You';
    const what = stream.kind === 'audio' ? 'sound' : 'picture';
    return stream.publication === 'screen' ? `${who}: screen’s ${what}` : `${who}: ${what}`;
  }
}

function keyOf(stream: StreamStats): string {
  return `${'participant' in stream ? stream.participant : ''} ${stream.publication} ${stream.kind}`;
}

function rate(bytes: number, seconds: number): string {
  return `${Math.round(Math.max(0, bytes * 8) / seconds / 1000)} kbit/s`;
}

function milliseconds(time: number | undefined): string {
  return time === undefined ? '–' : `${Math.round(time)} ms`;
}

function picture({ width, height, fps = 0 }: StreamStats): string | undefined {
  return width && height ? `${width}×${height}, ${Math.round(fps)} fps` : undefined;
}
