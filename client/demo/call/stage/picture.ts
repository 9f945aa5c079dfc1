import type { PublicationName } from '../../../src/index.ts';
import type { ParticipantView } from '../../../src/react/index.ts';

export interface Picture {
  /** Whether there is any: else initials stand in its place. */
  isShown: boolean;
  /** Why there is none, or what else is to be said of it. */
  badge?: string;
  /** It is no trouble, but how the room is run: worth no more than a sign. */
  isQuiet?: boolean;
}

/** How many pictures there are in the room, and how many of them one receives. */
export interface Crowd {
  published: number;
  lastN: number;
}

const CONNECTING = 'Connecting…';

/** What is to be seen of what somebody publishes under a name. */
export function pictureOf(view: ParticipantView, name: PublicationName, crowd: Crowd): Picture {
  const { status, muted, blocked, publications } = view;
  const publication = publications[name];
  const source = name === 'main' ? 'camera' : 'screen';
  const absence = absenceOf(view, name, crowd);
  const isShown = !absence && publication?.sources.includes(source) === true && !muted[source];
  if (status === 'disconnected') return { isShown, badge: 'Reconnecting…' };
  if (blocked.screen && name === 'screen') return { isShown, badge: 'Hidden by a moderator' };
  if (absence !== undefined) return { isShown, ...absence };
  // A picture that may come at any moment must not be held back.
  return publication?.media === 'connecting' ? { isShown, badge: CONNECTING } : { isShown };
}

type Absence = Pick<Picture, 'badge' | 'isQuiet'>;

function absenceOf(
  { isLocal, publications }: ParticipantView,
  name: PublicationName,
  crowd: Crowd,
): Absence | undefined {
  const publication = publications[name];
  if (!publication) return undefined;
  if (publication.media === 'failed') return { badge: isLocal ? 'Nobody sees or hears you' : 'No picture or sound' };
  if (isLocal) return undefined;
  if (!publication.isSubscribed) return { badge: 'Not received' };
  if (!publication.isShown) {
    return crowd.published > crowd.lastN
      ? { badge: `Not among the ${crowd.lastN} shown`, isQuiet: true }
      : { badge: CONNECTING };
  }
  return publication.paused.includes('video') ? { badge: 'Picture paused' } : undefined;
}
