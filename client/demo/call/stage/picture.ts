import type { PublicationName } from '../../../src/index.ts';
import type { ParticipantView } from '../../../src/react/index.ts';

export interface Picture {
  /** Whether there is any: else initials stand in its place. */
  isShown: boolean;
  /** Why there is none, or what else is to be said of it. */
  badge?: string;
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
  const badge = status === 'disconnected' ? 'Reconnecting…' : blocked.screen && name === 'screen' ? HIDDEN : absence;
  if (badge !== undefined) return { isShown, badge };
  // A picture that may come at any moment must not be held back.
  return publication?.media === 'connecting' ? { isShown, badge: CONNECTING } : { isShown };
}

const HIDDEN = 'Hidden by a moderator';

function absenceOf(
  { isLocal, publications }: ParticipantView,
  name: PublicationName,
  crowd: Crowd,
): string | undefined {
  const publication = publications[name];
  if (!publication) return undefined;
  if (publication.media === 'failed') return isLocal ? 'Nobody sees or hears you' : 'No picture or sound';
  if (isLocal) return undefined;
  if (!publication.isSubscribed) return 'Not received';
  if (!publication.isShown) return crowd.published > crowd.lastN ? `Not among the ${crowd.lastN} shown` : CONNECTING;
  return publication.paused.includes('video') ? 'Picture paused' : undefined;
}
