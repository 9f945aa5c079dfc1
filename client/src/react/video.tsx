import { type ForwardedRef, forwardRef, useEffect, useImperativeHandle, useRef, type VideoHTMLAttributes } from 'react';
import type { Publication, RemotePublication } from '../index.ts';

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
  { publication, mirror = false, style, ...rest }: VideoProps,
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
