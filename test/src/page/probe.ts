import type { PageJoin, PageReport, PageStream } from '../call/page-report.ts';
import { firstFrame, now } from './first-frame.ts';

/*
 * Runs in a page before its own scripts: keeps what the page opens, so that figures are the browser's own. They are read
 * with `hyperroomProbe.report()`.
 */

const connections = new Set<RTCPeerConnection>();
const joins: PageJoin[] = [];
export const firstFrames = new Map<string, number>();

class ProbedPeerConnection extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.add(this);
    this.addEventListener('track', ({ track }) => noteFirstFrame(track));
  }

  override close(): void {
    connections.delete(this);
    super.close();
  }
}

class ProbedWebSocket extends WebSocket {
  readonly #join: PageJoin = {
    startedAt: now(),
    answeredAt: null,
    messagesUp: 0,
    messagesDown: 0,
    bytesUp: 0,
    bytesDown: 0,
    laterOffers: 0,
  };
  #request: unknown;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    joins.push(this.#join);
    this.addEventListener('message', ({ data }) => this.#received(data));
  }

  override send(data: string): void {
    if (this.#join.answeredAt === null) {
      this.#join.messagesUp += 1;
      this.#join.bytesUp += bytesOf(data);
      this.#request ??= messagesOf(data).find(isOffer)?.id;
    } else {
      this.#join.laterOffers += messagesOf(data).filter(isOffer).length;
    }
    super.send(data);
  }

  #received(data: string): void {
    if (this.#join.answeredAt !== null) return;
    this.#join.messagesDown += 1;
    this.#join.bytesDown += bytesOf(data);
    const isAnswered = messagesOf(data).some(({ type, id }) => type === 'response' && id === this.#request);
    if (isAnswered) this.#join.answeredAt = now();
  }
}

interface SomeMessage {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly body?: { readonly connections?: unknown };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function messagesOf(frame: string): SomeMessage[] {
  return [JSON.parse(frame)].flat();
}

/** A join, or an offer of more connections: the first of a socket is the join. */
function isOffer({ body }: SomeMessage): boolean {
  return Array.isArray(body?.connections) && body.connections.length > 0;
}

async function noteFirstFrame(track: MediaStreamTrack): Promise<void> {
  if (track.kind !== 'video') return;
  const at = await firstFrame(track);
  if (at !== undefined) firstFrames.set(track.id, at);
}

async function report(): Promise<PageReport> {
  const remote = [...document.querySelectorAll<HTMLElement>('[data-participant]:not([data-local])')];
  const stats = await Promise.all([...connections].map(async (pc) => [...(await pc.getStats()).values()]));
  const streams = remote.map((tile) => streamOf(tile, stats));
  return { joins, streams };
}

type Stats = Record<string, string & number>;

/** How each open connection has found its way: `host`, or `relayed over tcp`; those that have found none are not among them. */
async function ways(): Promise<string[]> {
  const reports = await Promise.all([...connections].map(async (pc) => [...(await pc.getStats()).values()] as Stats[]));
  return reports.flatMap((stats) => {
    const { selectedCandidatePairId } = stats.find(({ type }) => type === 'transport') ?? {};
    const pair = stats.find(({ id }) => id !== undefined && id === selectedCandidatePairId);
    const local = stats.find(({ id }) => id !== undefined && id === pair?.localCandidateId);
    if (!local) return [];
    // A candidate of the relay's is a peer-reflexive one to whoever knows the relay by another address.
    return local.relayProtocol ? `relayed over ${local.relayProtocol}` : `${local.candidateType}`;
  });
}

/** What is received of the participant on a tile. */
function streamOf(tile: HTMLElement, connectionStats: Stats[][]): PageStream {
  const media = tile.querySelector('video')?.srcObject;
  const tracks = media instanceof MediaStream ? media.getTracks() : [];
  const isOfTile = (entry: Stats) =>
    entry.type === 'inbound-rtp' && tracks.some(({ id }) => id === entry.trackIdentifier);
  const stats = connectionStats.find((entries) => entries.some(isOfTile)) ?? [];
  const inbound = stats.filter(isOfTile);
  const video = inbound.find(({ kind }) => kind === 'video');
  const audio = inbound.find(({ kind }) => kind === 'audio');
  const roundTrip = stats.find(({ type, nominated }) => type === 'candidate-pair' && nominated)?.currentRoundTripTime;
  const firstFrameAt = tracks.map(({ id }) => firstFrames.get(id)).find((at) => at !== undefined);
  return {
    from: tile.dataset.participant ?? '',
    framesDecoded: video?.framesDecoded ?? 0,
    audioPackets: audio?.packetsReceived ?? 0,
    audioSamplesPlayed: audio?.jitterBufferEmittedCount ?? 0,
    bytes: inbound.reduce((sum, { bytesReceived }) => sum + (bytesReceived ?? 0), 0),
    roundTripMs: roundTrip === undefined ? null : roundTrip * 1000,
    firstFrameAt: firstFrameAt ?? null,
  };
}

Object.assign(globalThis, {
  RTCPeerConnection: ProbedPeerConnection,
  WebSocket: ProbedWebSocket,
  hyperroomProbe: { report, ways },
});
