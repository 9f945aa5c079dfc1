import type { Moderation as ModerationAction } from '@hyperroom/protocol';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import type { Moderation, ReasonOptions } from './moderation.ts';
import type { MetadataChanges, Role, RoomChanges, Source } from './types.ts';

/** What moderators may do, as requests to the conference. */
export class RoomModeration implements Moderation {
  readonly #conference: ConferenceHyperty;

  constructor(conference: ConferenceHyperty) {
    this.#conference = conference;
  }

  remove(participant: string, { reason }: ReasonOptions = {}): Promise<void> {
    return this.#do({ action: 'remove', participant, reason });
  }

  block(participant: string, ...sources: Source[]): Promise<void> {
    return this.#do({ action: 'block', participant, sources });
  }

  unblock(participant: string, ...sources: Source[]): Promise<void> {
    return this.#do({ action: 'unblock', participant, sources });
  }

  admit(participant: string): Promise<void> {
    return this.#do({ action: 'admit', participant });
  }

  refuse(participant: string, { reason }: ReasonOptions = {}): Promise<void> {
    return this.#do({ action: 'refuse', participant, reason });
  }

  appoint(participant: string, role: Role): Promise<void> {
    return this.#do({ action: 'appoint', participant, role });
  }

  describe(participant: string, metadata: MetadataChanges): Promise<void> {
    return this.#do({ action: 'describe', participant, metadata });
  }

  change(changes: RoomChanges): Promise<void> {
    return this.#do({ action: 'change', changes });
  }

  async end({ reason }: ReasonOptions = {}): Promise<void> {
    let isOver = false;
    const stop = this.#conference.on('closed', (why) => {
      isOver = why === 'ended';
    });
    try {
      await this.#do({ action: 'end', reason });
    } catch (error) {
      // One's own dismissal may come before the answer, and closes the connection that this would have come by.
      if (!isOver) throw error;
    } finally {
      stop();
    }
  }

  async #do(action: ModerationAction): Promise<void> {
    const { messages } = this.#conference;
    await this.#conference.request(messages.moderate(action));
  }
}
