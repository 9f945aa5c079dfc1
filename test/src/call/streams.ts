import type { PageJoin, PageReport, PageStream } from './page-report.ts';

/** What one participant receives of another. */
export interface Stream extends PageStream {
  readonly to: string;
  /** From the moment that the later of the two began to join, to the first picture decoded. */
  readonly firstFrameMs: number | null;
}

/** Every page's report, by its participant's name. */
export type Reports = ReadonlyMap<string, PageReport>;

/** One stream for each pair, those that are not there yet included. */
export function streamsOf(reports: Reports): Stream[] {
  const names = [...reports.keys()];
  return names.flatMap((to) => names.filter((from) => from !== to).map((from) => streamOf(reports, from, to)));
}

function streamOf(reports: Reports, from: string, to: string): Stream {
  const stream = reports.get(to)?.streams.find((candidate) => candidate.from === from) ?? nothing(from);
  const began = Math.max(startOf(reports, from), startOf(reports, to));
  const { firstFrameAt } = stream;
  return { ...stream, to, firstFrameMs: firstFrameAt === null ? null : Math.round(firstFrameAt - began) };
}

function nothing(from: string): PageStream {
  return {
    from,
    framesDecoded: 0,
    audioPackets: 0,
    audioSamplesPlayed: 0,
    bytes: 0,
    roundTripMs: null,
    firstFrameAt: null,
  };
}

function startOf(reports: Reports, name: string): number {
  return joinOf(reports, name)?.startedAt ?? 0;
}

export function joinOf(reports: Reports, name: string): PageJoin | undefined {
  return reports.get(name)?.joins.at(-1);
}

/** Pictures and sound come out of the decoders. */
export function isFlowing({ framesDecoded, audioPackets, audioSamplesPlayed, firstFrameMs }: Stream): boolean {
  return framesDecoded > 0 && audioPackets > 0 && audioSamplesPlayed > 0 && firstFrameMs !== null;
}

/** Per second: a slow camera on a busy machine still gives more. */
const FEWEST_FRAMES = 6;
const FEWEST_AUDIO_PACKETS = 20;

/** Enough came in so many seconds to call it a call. */
export function isFluent({ framesDecoded, audioPackets }: Stream, seconds: number): boolean {
  return framesDecoded > FEWEST_FRAMES * seconds && audioPackets > FEWEST_AUDIO_PACKETS * seconds;
}

/** What came between two looks at the same streams. */
export function since(before: readonly Stream[], now: readonly Stream[]): Stream[] {
  return now.map((stream) => {
    const earlier = before.find(({ from, to }) => from === stream.from && to === stream.to);
    if (!earlier) return stream;
    return {
      ...stream,
      framesDecoded: stream.framesDecoded - earlier.framesDecoded,
      audioPackets: stream.audioPackets - earlier.audioPackets,
      audioSamplesPlayed: stream.audioSamplesPlayed - earlier.audioSamplesPlayed,
      bytes: stream.bytes - earlier.bytes,
    };
  });
}
