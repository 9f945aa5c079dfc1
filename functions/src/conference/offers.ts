import {
  type Connection,
  kindsOf,
  type PublicationName,
  type Source,
  sourcesOf,
  videoCodecsOf,
} from '@hyperroom/protocol';
import type { Published, Publishing } from './rules/events.ts';

/* What the connections in a message say without being asked. */

const sdpOf = ({ data }: Connection) => data.connectionDescription.sdp;

function publishingConnections(
  connections: readonly Connection[],
): { name: PublicationName; sdp: string; url: string }[] {
  return connections.flatMap((connection) => {
    const { direction, publication } = connection.data;
    return direction === 'publish' && publication
      ? [{ name: publication, sdp: sdpOf(connection), url: connection.url }]
      : [];
  });
}

export function publishingOf(connections: readonly Connection[]): Publishing {
  const entries = publishingConnections(connections).map(({ name, sdp, url }): [PublicationName, Published] => [
    name,
    { connection: url, kinds: kindsOf(sdp) },
  ]);
  return Object.fromEntries(entries);
}

export function sourcesPublishedBy(connections: readonly Connection[]): Source[] {
  return publishingConnections(connections).flatMap(({ name, sdp }) => sourcesOf(name, sdp));
}

/** The video codecs that all the offers have in common; undefined if none of them has video. */
export function codecsOf(connections: readonly Connection[]): string[] | undefined {
  const video = connections.map(sdpOf).filter((sdp) => kindsOf(sdp).includes('video'));
  const [first, ...others] = video.map(videoCodecsOf);
  return first?.filter((codec) => others.every((codecs) => codecs.includes(codec)));
}
