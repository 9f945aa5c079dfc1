import { type HTMLAttributes, memo } from 'react';
import type { Participant, PublicationName } from '../index.ts';
import { useIsSpeaking, useParticipant, useQuality } from './participants.ts';
import { Video } from './video.tsx';
import type { ParticipantView } from './views.ts';

export interface VideoTileProps extends HTMLAttributes<HTMLElement> {
  participant: Participant;
  /** What of it is shown. Default `main`: camera and microphone. */
  publication?: PublicationName | undefined;
}

/**
 * What somebody sends, with the name: the picture, or initials. Its attributes say how that one fares, for style sheets: `data-local`,
 * `data-speaking`, `data-picture`, `data-muted` (`microphone camera`), `data-quality`, `data-status`, `data-publication`. It renders
 * when its participant changes, and not with its parent if its props are the same. Children come on top.
 */
export const VideoTile = memo(function VideoTile({
  participant,
  publication: name = 'main',
  children,
  ...rest
}: VideoTileProps) {
  const view = useParticipant(participant);
  const isSpeaking = useIsSpeaking(participant);
  const quality = useQuality(participant);
  const { publication } = view.publications[name] ?? {};
  const muted = (['microphone', 'camera', 'screen'] as const).filter((source) => view.muted[source]);
  return (
    <figure
      aria-label={labelOf(view, name)}
      data-hyperroom="tile"
      data-participant={view.id}
      data-publication={name}
      data-local={view.isLocal || undefined}
      data-speaking={isSpeaking || undefined}
      data-picture={hasPicture(view, name) || undefined}
      data-muted={muted.join(' ') || undefined}
      data-quality={quality}
      data-status={view.status}
      {...rest}
    >
      {publication && <Video publication={publication} mirror={view.isLocal && name === 'main'} />}
      {!hasPicture(view, name) && (
        <span data-part="initials" aria-hidden="true">
          {initialsOf(view.name)}
        </span>
      )}
      <figcaption data-part="name" aria-hidden="true">
        {titleOf(view, name)}
      </figcaption>
      {children}
    </figure>
  );
});

function hasPicture({ publications, muted }: ParticipantView, name: PublicationName): boolean {
  const source = name === 'main' ? 'camera' : 'screen';
  const publication = publications[name];
  return (publication?.isShown && publication.sources.includes(source) && !muted[source]) ?? false;
}

function titleOf({ name, isLocal }: ParticipantView, publication: PublicationName): string {
  if (publication === 'screen') return isLocal ? 'Your screen' : `${name}: screen`;
  return isLocal ? `${name} (you)` : name;
}

function labelOf(view: ParticipantView, publication: PublicationName): string {
  const words = [titleOf(view, publication)];
  if (publication === 'main' && view.muted.microphone) words.push('microphone muted');
  if (publication === 'main' && view.muted.camera) words.push('camera off');
  if (view.status === 'disconnected') words.push('connection lost');
  return words.join(', ');
}

/** Of the first and the last word, two letters at the most. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
