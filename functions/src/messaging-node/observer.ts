import { Code, type DomainAddresses, type Message } from '@hyperroom/protocol';
import { log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Turn } from './turn.ts';

/** Takes note of what became of a message, for whoever operates the deployment. No reply: somebody else answers. */
export type Observer = (message: Message, turn: Turn, reply: Message | undefined) => void;

export interface ObserverDependencies {
  readonly addresses: DomainAddresses;
  readonly metrics: Metrics;
  readonly clock: () => number;
}

const LONGEST_ROOM = 200;

/** Messages that carry a trace are logged, and no others: heartbeats alone would be most of the log. */
export function observer({ addresses, metrics, clock }: ObserverDependencies): Observer {
  return (message, { received }, reply) => {
    const { trace, type, to } = message;
    const code = reply && codeOf(reply);
    const isJoin = type === 'create' && to === addresses.conference;
    if (isJoin && code !== undefined && code >= 300 && reply?.body?.starting !== true) {
      metrics.record({ JoinRefusals: 1 }, String(code));
    }
    if (trace === undefined) return;
    log('info', {
      at: 'message',
      type,
      ...roomOf(message),
      // Of what is refused the description may say whom it is about.
      ...(code === undefined ? { handedOn: true } : { code }),
      ...(received !== undefined && { ms: clock() - received }),
    });
  };

  /** Ids of rooms, of which no text of a client's own can pass for one. */
  function roomOf({ body }: Message): { room?: string } {
    const room = body?.resource;
    const isRoom = typeof room === 'string' && room.startsWith(addresses.room('')) && room.length <= LONGEST_ROOM;
    return isRoom ? { room } : {};
  }
}

function codeOf({ body }: Message): number {
  return typeof body?.code === 'number' ? body.code : Code.internal;
}
