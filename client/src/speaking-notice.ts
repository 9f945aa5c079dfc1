import { isCrowded } from '@hyperroom/protocol';
import type { ConferenceHyperty } from './conference-hyperty.ts';

/** Milliseconds between two notices at the least. */
const INTERVAL = 2_000;

/**
 * Tells the server that this participant speaks, where that decides who is received: where others publish more than the room's
 * `lastN`, of somebody who is not among those who spoke last.
 */
export class SpeakingNotice {
  readonly #conference: ConferenceHyperty;
  readonly #isSpeaking: () => boolean;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(conference: ConferenceHyperty, isSpeaking: () => boolean) {
    this.#conference = conference;
    this.#isSpeaking = isSpeaking;
  }

  /** Somebody began or ceased to speak, or the room changed. */
  look(): void {
    if (this.#resting !== undefined || !this.#isSpeaking() || !this.#matters()) return;
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      this.look();
    }, INTERVAL);
    // Who still speaks says so again.
    this.#conference.update({ speaking: true }).catch(() => {});
  }

  stop(): void {
    clearTimeout(this.#resting);
  }

  #matters(): boolean {
    const { id, room } = this.#conference;
    const { options, participants, speakers } = room.data;
    if (speakers.includes(id)) return false;
    const publications = Object.values(participants).map(
      (each) => Object.values(each.publications).filter((publication) => publication !== undefined).length,
    );
    return isCrowded(publications, options.lastN);
  }
}
