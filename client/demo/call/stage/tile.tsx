import { memo, useRef } from 'react';
import type { Participant, Publication, PublicationName, Quality, Room } from '../../../src/index.ts';
import { useIsSpeaking, useParticipant, useQuality, useRoom, Video } from '../../../src/react/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { hueOf, initials } from '../../parts/initials.ts';
import { useSink } from '../../parts/speaker.ts';
import { useHands } from '../people/hands.ts';
import { Flying } from '../reactions/flying.tsx';
import { mutedBy, QUALITIES } from '../words.ts';
import { type Crowd, type Picture, pictureOf } from './picture.ts';

export interface TileProps {
  participant: Participant;
  name: PublicationName;
}

/** A picture: video when there is any, initials when there is none, and around it what is to be known. */
export const Tile = memo(function Tile({ participant, name }: TileProps) {
  const room = useRoom();
  const view = useParticipant(participant);
  const isSpeaking = useIsSpeaking(participant);
  const isPerson = name === 'main';
  const picture = pictureOf(view, name, crowdOf(room));
  const publication = view.publications[name]?.publication;
  return (
    <div className={isPerson ? 'tile' : 'tile of-screen'} data-speaking={(isPerson && isSpeaking) || undefined}>
      {isPerson && !picture.isShown && <Initials name={view.name} />}
      {publication && (
        <Sight publication={publication} isMirrored={view.isLocal && isPerson} isShown={picture.isShown} />
      )}
      <span className="tile-corner tile-top">
        {isPerson && <Hand participant={participant} />}
        <Badge {...picture} />
      </span>
      {isPerson && <QualityBars participant={participant} />}
      <span className="tile-corner tile-chip tile-name">
        {isPerson && <MutedMark by={mutedBy(view, 'microphone')} />}
        {isPerson && view.role === 'moderator' && (
          <span className="tile-crown" role="img" aria-label="moderator" title="Moderator">
            <Icon name="crown" />
          </span>
        )}
        <span>{captionOf(view, name)}</span>
      </span>
      {isPerson && <Flying from={view.id} />}
    </div>
  );
});

function Badge({ badge, isQuiet }: Picture) {
  if (badge === undefined) return null;
  if (!isQuiet) {
    return (
      <span className="tile-chip" data-testid="badge">
        {badge}
      </span>
    );
  }
  return (
    <span className="tile-chip" data-testid="badge" role="img" aria-label={badge} title={badge}>
      <Icon name="cameraOff" />
    </span>
  );
}

/** A drawing, which grows with the tile as a whole. */
function Initials({ name }: { name: string }) {
  return (
    <svg className="tile-initials" viewBox="0 0 100 100" aria-hidden="true">
      <circle cx="50" cy="50" r="50" fill={`hsl(${hueOf(name)} 38% 34%)`} />
      <text x="50" y="51" textAnchor="middle" dominantBaseline="central">
        {initials(name)}
      </text>
    </svg>
  );
}

interface SightProps {
  publication: Publication;
  isMirrored: boolean;
  isShown: boolean;
}

/** It keeps its place even when it has nothing to show: whether that is on screen is what decides about pausing. */
function Sight({ publication, isMirrored, isShown }: SightProps) {
  const video = useRef<HTMLVideoElement>(null);
  useSink(video);
  const style = { visibility: isShown ? 'visible' : 'hidden' } as const;
  return <Video ref={video} publication={publication} mirror={isMirrored} style={style} />;
}

export function captionOf({ name, isLocal }: { name: string; isLocal: boolean }, publication: PublicationName): string {
  if (publication === 'screen') return isLocal ? 'Your screen' : `${name}’s screen`;
  return isLocal ? `${name} (you)` : name;
}

function crowdOf({ participants, options }: Room): Crowd {
  const published = [...participants.values()].reduce((sum, { publications }) => sum + publications.size, 0);
  return { published, lastN: options.lastN };
}

const MUTED = { self: 'microphone off', moderator: 'microphone muted by a moderator' };

function MutedMark({ by }: { by: keyof typeof MUTED | undefined }) {
  if (!by) return null;
  return (
    <span className="tile-muted" data-by={by} role="img" aria-label={MUTED[by]} title={MUTED[by]}>
      <Icon name="microphoneOff" />
    </span>
  );
}

/** A raised hand, and whose turn it is when there are several. */
function Hand({ participant }: { participant: Participant }) {
  const hands = useHands();
  const place = hands.indexOf(participant) + 1;
  if (place === 0) return null;
  const label = hands.length > 1 ? `hand raised, number ${place}` : 'hand raised';
  return (
    <span className="tile-chip tile-hand" role="img" aria-label={label}>
      <Icon name="hand" />
      {hands.length > 1 && place}
    </span>
  );
}

const BARS: Record<Quality, number> = { unknown: 0, excellent: 3, good: 2, poor: 1, lost: 0 };

function QualityBars({ participant }: { participant: Participant }) {
  const quality = useQuality(participant);
  if (quality === 'unknown') return null;
  return (
    <span
      className="tile-corner tile-quality"
      data-quality={quality}
      role="img"
      aria-label={QUALITIES[quality]}
      title={QUALITIES[quality]}
    >
      {[1, 2, 3].map((bar) => (
        <i key={bar} data-lit={bar <= BARS[quality] || undefined} />
      ))}
    </span>
  );
}
