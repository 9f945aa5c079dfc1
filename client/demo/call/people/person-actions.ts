import type { PublicationName, RemoteParticipant, RemotePublication, Source } from '../../../src/index.ts';
import type { ParticipantView } from '../../../src/react/index.ts';
import type { Call } from '../context.ts';
import { isRaised, LOWERED } from './hands.ts';

/** Something that can be done about somebody. */
export interface PersonAction {
  testid: string;
  label: string;
  act: () => unknown;
}

export interface About {
  call: Call;
  participant: RemoteParticipant;
  view: ParticipantView;
}

/** What everybody may do: it concerns what one gets oneself. */
export function ownActions({ call: { ui }, participant: { id, publications } }: About): PersonAction[] {
  const isPinned = ui.state.pinned === id;
  return [
    { testid: 'write', label: 'Message', act: () => ui.change({ panel: 'chat', addressee: id }) },
    {
      testid: 'pin-person',
      label: isPinned ? 'Show in place' : 'Show large',
      act: () => ui.change({ pinned: isPinned ? undefined : id }),
    },
    ...[...publications.values()].flatMap(receiving),
  ];
}

const WORDS: Record<PublicationName, { pause: string; resume: string; drop: string; take: string }> = {
  main: { pause: 'Pause picture', resume: 'Resume picture', drop: 'Stop receiving', take: 'Receive' },
  screen: { pause: 'Pause screen', resume: 'Resume screen', drop: 'Stop receiving screen', take: 'Receive screen' },
};

function receiving(publication: RemotePublication): PersonAction[] {
  const { name, isSubscribed, paused } = publication;
  const { pause, resume, drop, take } = WORDS[name];
  if (!isSubscribed) return [{ testid: `subscribe-${name}`, label: take, act: () => publication.subscribe() }];
  const isPaused = paused.includes('video');
  return [
    {
      testid: `pause-${name}`,
      label: isPaused ? resume : pause,
      act: () => (isPaused ? publication.resume('video') : publication.pause('video')),
    },
    { testid: `subscribe-${name}`, label: drop, act: () => publication.unsubscribe() },
  ];
}

const SOURCES: readonly Source[] = ['microphone', 'camera', 'screen'];

/** What moderators may do, but for removing somebody, which is asked about first. */
export function moderatorActions({ call: { room, attempt }, participant: { id }, view }: About): PersonAction[] {
  const { moderation } = room;
  const action = (testid: string, label: string, act: () => Promise<void>): PersonAction => ({
    testid,
    label,
    act: () => attempt(act),
  });
  const blocking = SOURCES.map((source) => {
    const isBlocked = view.blocked[source];
    return action(`block-${source}`, `${isBlocked ? 'Allow' : 'Mute'} ${source}`, () =>
      isBlocked ? moderation.unblock(id, source) : moderation.block(id, source),
    );
  });
  const isModerator = view.role === 'moderator';
  return [
    ...blocking,
    ...(isRaised(view.metadata) ? [action('lower-hand', 'Lower hand', () => moderation.describe(id, LOWERED))] : []),
    action('appoint', isModerator ? 'Make a participant' : 'Make a moderator', () =>
      moderation.appoint(id, isModerator ? 'participant' : 'moderator'),
    ),
  ];
}
