import { MEDIA_KINDS, type MediaKind, type PublicationName, type Source, sourceOf } from '@hyperroom/protocol';

/** Has the tracks of a stream that is to be published be silent and black as far as their sources are muted. */
export function disable(name: PublicationName, stream: MediaStream, muted: readonly Source[]): void {
  for (const track of publishedTracks(stream)) {
    if (muted.includes(sourceOf(name, kindOf(track)))) track.enabled = false;
  }
}

export const kindOf = (track: MediaStreamTrack): MediaKind => (track.kind === 'audio' ? 'audio' : 'video');

/** What of a stream is published: its first track of each kind. */
function publishedTracks(stream: MediaStream): MediaStreamTrack[] {
  return MEDIA_KINDS.flatMap((kind) => stream.getTracks().find((track) => track.kind === kind) ?? []);
}
