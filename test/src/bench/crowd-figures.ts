import type { Metrics } from '@hyperroom/local/aws';
import type { Reply } from '../simulation/client/socket.ts';
import type { Holdings } from '../simulation/engine/ledger.ts';

/** What one join of a crowded room took. */
export interface CrowdFigures {
  /** Who was in the room when it was over. */
  readonly participants: number;
  /** Of the joiner, until it was answered, the answer included. */
  readonly messagesUp: number;
  readonly messagesDown: number;
  readonly bytesUp: number;
  readonly answerBytes: number;
  /** Messages that the joiner sent and got after that, until all had settled. */
  readonly laterUp: number;
  readonly laterDown: number;
  /** Messages posted, to whomever: the media node's command, the answer, and what the others were told. */
  readonly posts: number;
  /** Items of DynamoDB, for what the joiner sent. */
  readonly reads: number;
  readonly writes: number;
  /** What the media server held afterwards, and how many endpoints at the most meanwhile. */
  readonly endpoints: number;
  readonly peakEndpoints: number;
  /** Publications that somebody receives, once for each who does. */
  readonly links: number;
}

export interface CrowdObservation {
  readonly participants: number;
  readonly before: Metrics;
  readonly answer: Reply;
  /** All had settled. */
  readonly after: Metrics;
  readonly holdings: Holdings;
  readonly peak: Holdings;
}

export function crowdFigures({ participants, before, answer, after, holdings, peak }: CrowdObservation): CrowdFigures {
  const { messagesUp, messagesDown, bytesUp } = answer.traffic;
  const joiner = after.openConnections.find((id) => !before.openConnections.includes(id));
  const own = joiner === undefined ? undefined : after.connections[joiner];
  if (!own) throw new Error('nobody has connected');
  return {
    participants,
    messagesUp,
    messagesDown,
    bytesUp,
    answerBytes: answer.bytes,
    laterUp: own.messagesUp - messagesUp,
    laterDown: own.messagesDown - messagesDown,
    posts: after.total.posts - before.total.posts,
    reads: own.reads,
    writes: own.writes,
    endpoints: holdings.endpoints,
    peakEndpoints: peak.endpoints,
    links: holdings.videoLinks,
  };
}
