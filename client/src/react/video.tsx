import {
  type ForwardedRef,
  forwardRef,
  type HTMLAttributes,
  memo,
  useEffect,
  useImperativeHandle,
  useRef,
  type VideoHTMLAttributes,
} from 'react';
import type { Participant, Publication, PublicationName, RemotePublication } from '../index.ts';
import { useIsSpeaking, useParticipant, useQuality } from './participants.ts';
import { type ParticipantView, SOURCES } from './views.ts';

/** Of `Video`, besides what a `video` takes. */
export interface VideoProps extends Omit<VideoHTMLAttributes<HTMLVideoElement>, 'src' | 'autoPlay'> {
  /** What it shows, and sounds: a publication, or a `LocalMedia` for a look at oneself. */
  publication: Publication | RemotePublication | { readonly stream: MediaStream };
  /** Shows it as a mirror does: for one's own camera. Default false. */
  mirror?: boolean | undefined;
}

/**
 * A video element that a publication is attached to as long as it is there: while nobody can see it, the server sends no picture. It also
 * plays the sound, except for one's own. All else is the element's.
 */
export const Video = forwardRef(function Video(
  { publication, mirror, style, ...rest }: VideoProps,
  ref: ForwardedRef<HTMLVideoElement>,
) {
  const own = useRef<HTMLVideoElement>(null);
  useImperativeHandle<HTMLVideoElement | null, HTMLVideoElement | null>(ref, () => own.current, []);
  const isRemote = 'attach' in publication;
  useEffect(() => (own.current ? show(publication, own.current) : undefined), [publication]);
  const mirrored = mirror ? { transform: 'scaleX(-1)', ...style } : style;
  return <video autoPlay playsInline muted={!isRemote} {...rest} style={mirrored} ref={own} />;
});

function show(publication: VideoProps['publication'], element: HTMLVideoElement): () => void {
  if ('attach' in publication) return publication.attach(element);
  element.srcObject = publication.stream;
  return () => {
    element.srcObject = null;
  };
}

/** Of `VideoTile`, besides what a `div` takes. */
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
  const { isLocal, muted } = view;
  const { publication, isShown, sources } = view.publications[name] ?? {};
  const hasPicture = isShown && sources?.some((source) => source !== 'microphone' && !muted[source]);
  const title = `${view.name}${isLocal ? ' (you)' : ''}${name === 'screen' ? ': screen' : ''}`;
  return (
    <figure
      aria-label={labelOf(title, view, name)}
      data-hyperroom="tile"
      data-participant={view.id}
      data-publication={name}
      data-local={isLocal || undefined}
      data-speaking={isSpeaking || undefined}
      data-picture={hasPicture || undefined}
      data-muted={SOURCES.filter((source) => muted[source]).join(' ') || undefined}
      data-quality={quality}
      data-status={view.status}
      {...rest}
    >
      {publication && <Video publication={publication} mirror={isLocal && name === 'main'} />}
      {!hasPicture && (
        <span data-part="initials" aria-hidden="true">
          {initialsOf(view.name)}
        </span>
      )}
      <figcaption data-part="name" aria-hidden="true">
        {title}
      </figcaption>
      {children}
    </figure>
  );
});

/** The title, and what cannot be heard or seen, for those who do not see it. */
function labelOf(title: string, { muted, status }: ParticipantView, publication: PublicationName): string {
  const { microphone, camera } = publication === 'main' ? muted : {};
  const lost = status === 'disconnected';
  return [title, microphone && 'microphone muted', camera && 'camera off', lost && 'connection lost']
    .filter(Boolean)
    .join(', ');
}

/** Of the first word, and of the last one if there are more. */
function initialsOf(name: string): string | undefined {
  return /^\s*(\S)(?:.*\s(\S))?/u.exec(name)?.slice(1).join('');
}
