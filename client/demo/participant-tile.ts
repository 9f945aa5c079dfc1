import type {
  LocalParticipant,
  Participant,
  RemoteParticipant,
  RemotePublication,
  Room,
  Source,
} from '../src/index.ts';
import { handOf } from './hand.ts';
import type { View } from './keyed.ts';
import type { Pauses } from './pauses.ts';
import { type MutedBy, own, received, Tile } from './tile.ts';

/** What tells why something is not received. */
export interface Receiving {
  room: Room;
  pauses: Pauses;
}

/** Oneself: camera and microphone. */
export class LocalTile extends Tile implements View<LocalParticipant> {
  constructor({ name }: LocalParticipant) {
    super({ name, caption: `${name} (you)`, isLocal: true });
  }

  draw(local: LocalParticipant): void {
    const main = local.publications.get('main');
    this.attach(main, own);
    this.showVideo(main?.sources.includes('camera') === true && !local.isMuted('camera'));
    this.showBadge(main?.media === 'failed' ? 'Nobody sees or hears you' : undefined);
    drawPerson(this, local);
  }
}

/** One of the others: camera and microphone. */
export class RemoteTile extends Tile implements View<RemoteParticipant> {
  readonly #receiving: Receiving;

  constructor(receiving: Receiving, { name }: RemoteParticipant) {
    super({ name, caption: name });
    this.#receiving = receiving;
  }

  draw(participant: RemoteParticipant): void {
    const main = participant.publications.get('main');
    this.attach(main, received);
    const absence = main && absenceOf(main, this.#receiving);
    this.showVideo(!absence && hasVideo(main) && !participant.isMuted('camera'));
    this.showBadge(participant.status === 'disconnected' ? 'Reconnecting…' : (absence ?? progressOf(main)));
    drawPerson(this, participant);
  }
}

/** The screen that is shared here. */
export class LocalScreenTile extends Tile implements View<LocalParticipant> {
  constructor({ name }: LocalParticipant) {
    super({ name, caption: 'Your screen', isLocal: true, isScreen: true });
  }

  draw(local: LocalParticipant): void {
    this.attach(local.publications.get('screen'), own);
    this.showVideo(true);
    this.showBadge(local.isBlocked('screen') ? HIDDEN : undefined);
  }
}

/** A screen that somebody else shares. */
export class RemoteScreenTile extends Tile implements View<RemoteParticipant> {
  readonly #receiving: Receiving;

  constructor(receiving: Receiving, { name }: RemoteParticipant) {
    super({ name, caption: `${name}’s screen`, isScreen: true });
    this.#receiving = receiving;
  }

  draw(participant: RemoteParticipant): void {
    const screen = participant.publications.get('screen');
    this.attach(screen, received);
    const absence = screen && absenceOf(screen, this.#receiving);
    this.showVideo(!absence && hasVideo(screen) && !participant.isMuted('screen'));
    this.showBadge(participant.isBlocked('screen') ? HIDDEN : (absence ?? progressOf(screen)));
  }
}

const HIDDEN = 'Hidden by a moderator';
const CONNECTING = 'Connecting…';

export function mutedBy(participant: Participant, source: Source): MutedBy | undefined {
  if (participant.isBlocked(source)) return 'moderator';
  return participant.isMuted(source) ? 'self' : undefined;
}

function drawPerson(tile: Tile, participant: Participant): void {
  tile.showMuted(mutedBy(participant, 'microphone'));
  tile.showModerator(participant.role === 'moderator');
  tile.showHand(handOf(participant));
  tile.showSpeaking(participant.isSpeaking);
  tile.showQuality(participant.quality);
}

function hasVideo(publication: RemotePublication | undefined): boolean {
  return publication?.tracks.some(({ kind }) => kind === 'video') ?? false;
}

/** What is said of a picture that may come at any moment, and must not be held back. */
function progressOf(publication: RemotePublication | undefined): string | undefined {
  return publication?.media === 'connecting' ? CONNECTING : undefined;
}

/** Why there is nothing to be seen of what somebody publishes. */
function absenceOf(publication: RemotePublication, { room, pauses }: Receiving): string | undefined {
  if (!publication.isSubscribed) return 'Unsubscribed';
  if (publication.media === 'failed') return 'No picture or sound';
  if (!publication.isShown) return isCrowded(room) ? `Not among the ${room.options.lastN} shown` : CONNECTING;
  return pauses.has(publication) ? 'Picture paused' : undefined;
}

/** Whether more is published than one receives here. */
function isCrowded({ participants, options }: Room): boolean {
  const publications = [...participants.values()].reduce((sum, participant) => sum + participant.publications.size, 0);
  return publications > options.lastN;
}
