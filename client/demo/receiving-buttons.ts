import type { PublicationName, RemoteParticipant, RemotePublication } from '../src/index.ts';
import { ActionButton } from './buttons.ts';
import type { Pauses } from './pauses.ts';

const WORDS: Record<PublicationName, { pause: string; resume: string; drop: string; take: string }> = {
  main: { pause: 'Pause picture', resume: 'Resume picture', drop: 'Stop receiving', take: 'Receive' },
  screen: { pause: 'Pause screen', resume: 'Resume screen', drop: 'Stop receiving screen', take: 'Receive screen' },
};

interface Choice {
  testid: string;
  /** Undefined: it is none at the moment. */
  label: (publication: RemotePublication) => string | undefined;
  choose: (publication: RemotePublication) => void;
}

/** What one wants to get of somebody. No event tells of one's own choices: `draw` is called after each. */
export function receivingButtons(participant: RemoteParticipant, pauses: Pauses, draw: () => void): ActionButton[] {
  return (['main', 'screen'] as const).flatMap((name) =>
    choicesOf(name, pauses).map(({ testid, label, choose }) => {
      const withPublication = <Result>(use: (publication: RemotePublication) => Result) => {
        const publication = participant.publications.get(name);
        return publication && use(publication);
      };
      const press = () => {
        withPublication(choose);
        draw();
      };
      return new ActionButton({ testid, label: () => withPublication(label), press });
    }),
  );
}

function choicesOf(name: PublicationName, pauses: Pauses): Choice[] {
  const { pause, resume, drop, take } = WORDS[name];
  return [
    {
      testid: `pause-${name}`,
      label: (publication) => {
        if (!publication.isSubscribed) return undefined;
        return pauses.has(publication) ? resume : pause;
      },
      choose: (publication) => pauses.toggle(publication),
    },
    {
      testid: `subscribe-${name}`,
      label: ({ isSubscribed }) => (isSubscribed ? drop : take),
      choose: (publication) => (publication.isSubscribed ? publication.unsubscribe() : publication.subscribe()),
    },
  ];
}
