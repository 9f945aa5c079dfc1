import type { ProbeBody } from '@hyperroom/protocol';
import type { Log } from './log.ts';
import type { MediaExecutor } from './media.ts';
import type { Poster } from './post.ts';
import type { ReportOutbox } from './reports.ts';
import type { AgentAction, AgentEvent, Timer } from './rooms/events.ts';
import type { Timers } from './timers.ts';

export interface PerformerOptions {
  media: MediaExecutor;
  poster: Poster;
  reports: ReportOutbox;
  timers: Timers;
  /** The node's own. */
  hyperty: string;
  /** What reports have to wait for. */
  announced: () => Promise<void>;
  emit: (event: AgentEvent) => void;
  log: Log;
}

/** Does what the rooms have decided. */
export class Performer {
  readonly #options: PerformerOptions;

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  async perform(action: AgentAction): Promise<void> {
    const { media, poster, reports, timers, hyperty, announced, emit, log } = this.#options;
    switch (action.type) {
      case 'createPipeline':
        log.info('room opened', { room: action.room });
        return media.openRoom(action.room);
      case 'releasePipeline':
        log.info('room closed', { room: action.room });
        return media.closeRoom(action.room);
      case 'answer':
        return media.answer(action.endpoint, action.direction, action.offer, action.maxBitrate);
      case 'addCandidate':
        return media.addCandidate(action.endpoint, action.candidate);
      case 'link':
        return media.link(action.publication, action.receiver, action.kinds);
      case 'unlink':
        return media.unlink(action.publication, action.receiver, action.kinds);
      case 'release':
        return media.release(action.endpoint);
      case 'post':
        return poster.post(action.connectionId, action.messages);
      case 'report':
        return announced().then(() => reports.put(action.report));
      case 'probe': {
        const { connectionId, id, to, resource } = action;
        const body = { resource, attribute: 'status' } satisfies ProbeBody;
        return poster.post(connectionId, [{ id, type: 'read', from: hyperty, to, body }]);
      }
      case 'startTimer': {
        const { timer, ms } = action;
        return timers.start(nameOf(timer), ms, () => emit({ type: 'timeUp', timer }));
      }
      case 'cancelTimer':
        return timers.cancel(nameOf(action.timer));
    }
  }
}

function nameOf(timer: Timer): string {
  return [
    timer.name,
    timer.room,
    ...('stay' in timer ? [timer.stay] : []),
    ...('url' in timer ? [timer.url] : []),
  ].join(' ');
}
