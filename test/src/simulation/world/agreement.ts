import type { RoomState } from './aws/product.ts';
import { SimulatedTrack } from './browser/media.ts';
import type { Page } from './browser/page.ts';
import type { World } from './world.ts';

/** What is still to come until everything is as those on the pages want it; undefined if nothing is. */
export function disagreement(world: World): string | undefined {
  const wanted = world.pages.filter(({ intention }) => intention === 'in');
  return (
    first(wanted, notIn) ??
    roomsDisagree(world, wanted) ??
    first(wanted, (page) => viewDisagrees(page, wanted)) ??
    first(wanted, (page) => unseen(world, page, wanted)) ??
    mediaDisagree(world, wanted)
  );
}

function first<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function notIn(page: Page): string | undefined {
  if (!page.isIn) return `${page.name} is not in`;
  return page.room?.state === 'connected' ? undefined : `${page.name} is ${page.room?.state}`;
}

/** The stored rooms have those who are in them, and nobody else. */
function roomsDisagree({ cloud }: World, wanted: readonly Page[]): string | undefined {
  const expected = [...new Set(wanted.map(({ room }) => room?.id))].map((id) => {
    const names = wanted.filter(({ room }) => room?.id === id).map(({ name }) => `${name} live`);
    return `${id}: ${names.sort().join(', ')}`;
  });
  const stored = cloud.rooms.map((room) => `${idOf(room)}: ${membersOf(room).sort().join(', ')}`);
  const [here, there] = [expected.sort().join('; '), stored.sort().join('; ')];
  return here === there ? undefined : `the table has ${there || 'no room'} instead of ${here || 'none'}`;
}

const idOf = ({ url }: RoomState) => url.split('/').at(-1);
const membersOf = ({ members }: RoomState) => Object.values(members).map(({ name, status }) => `${name} ${status}`);

/** The page knows who else is there, and that all they publish has arrived. */
function viewDisagrees({ name, room }: Page, wanted: readonly Page[]): string | undefined {
  const others = wanted.filter((page) => page.room?.id === room?.id && page.name !== name);
  const expected = others.map((page) => `${page.name} live ${publicationsOf(page)}`).sort();
  const known = [...(room?.participants.values() ?? [])].map(
    (each) =>
      `${each.name} ${each.status} ${[...each.publications.values()].map((one) => `${one.name} ${one.media}`).sort()}`,
  );
  const [here, there] = [expected.join('; '), known.sort().join('; ')];
  return here === there ? undefined : `${name} knows of ${there || 'nobody'} instead of ${here || 'nobody'}`;
}

function publicationsOf({ room }: Page): string[] {
  return [...(room?.localParticipant.publications.keys() ?? [])].map((name) => `${name} connected`).sort();
}

/** Somebody who is not shown what there is to be seen; undefined if everybody is. */
export function blindness(world: World): string | undefined {
  const wanted = world.pages.filter(({ intention }) => intention === 'in');
  return first(wanted, (page) => unseen(world, page, wanted));
}

/** As much of the others flows to the page as the room's `lastN` allows. */
function unseen(world: World, page: Page, wanted: readonly Page[]): string | undefined {
  const { room } = page;
  if (!room) return undefined;
  const others = wanted.filter((other) => other.room?.id === room.id && other !== page);
  const publications = others.flatMap((other) => [...(other.room?.localParticipant.publications.keys() ?? [])]);
  const seen = [...room.participants.values()].flatMap((participant) =>
    [...participant.publications.values()]
      .filter(({ tracks }) => tracks.length > 0)
      .map((publication) => ({ participant, publication })),
  );
  const expected = Math.min(room.options.lastN, publications.length);
  if (seen.length !== expected) return `${page.name} is shown ${seen.length} of ${expected} publications`;
  return first(seen, ({ participant, publication }) => {
    const sent = others.find(({ name }) => name === participant.name)?.kindsOf(publication.name) ?? [];
    const dark = publication.tracks.find(
      (track) => sent.includes(track.kind) && sourceOf(world, track)?.host.process.name !== participant.name,
    );
    if (!dark) return undefined;
    return `${participant.name}'s ${publication.name} ${dark.kind} does not flow to ${page.name}: ${pathOf(world, dark)}`;
  });
}

/** What a track is connected to, in words. */
function pathOf({ transports }: World, track: unknown): string {
  if (!(track instanceof SimulatedTrack)) return 'it is none of a simulated connection';
  const endpoint = transports.endpointOf(track.fragment ?? '');
  if (!endpoint) return `the connection ${track.fragment} is not connected`;
  const source = endpoint.sources.get(track.kind);
  if (!source) return `${endpoint.id} has no source`;
  return `${endpoint.id} is connected to ${source.id} (${source.state}, ${source.remote})`;
}

/** The peer whose media come out of a track. */
function sourceOf({ transports }: World, track: unknown) {
  if (!(track instanceof SimulatedTrack) || track.fragment === undefined) return undefined;
  const source = transports.endpointOf(track.fragment)?.sources.get(track.kind);
  return source && transports.peerOf(source);
}

/** Media servers hold a pipeline for each room that is theirs, and no endpoint that nobody has. */
function mediaDisagree(world: World, wanted: readonly Page[]): string | undefined {
  const rooms = world.cloud.rooms;
  return first(world.nodes, ({ name, media }) => {
    const theirs = rooms.filter(({ node }) => node.endsWith(`media-${name}`));
    const pipelines = [...(media.server?.pipelines.values() ?? [])];
    if (pipelines.length !== theirs.length) {
      return `${name} has ${pipelines.length} pipelines for ${theirs.length} rooms (${pipelines.map((one) => one.name)})`;
    }
    return first(media.server?.endpoints ?? [], (endpoint) => {
      const peer = world.transports.holderOf(endpoint);
      if (!peer) return `${endpoint.name} at ${name} has no peer connection`;
      return wanted.some(({ process }) => process === peer.host.process) ? undefined : `${endpoint.name} is of nobody`;
    });
  });
}

/** What is left when everybody has gone. */
export function leftovers(world: World): string | undefined {
  const { cloud, nodes, pages, scheduler } = world;
  // Who perished without a word has a socket until API Gateway misses him, which takes ten minutes. And where `$disconnect` was
  // lost, or its function ended, an address that is in no room goes when its time is over.
  const unmissed = new Set(cloud.gateway.connections.filter(({ owner }) => !owner.alive).map(({ id }) => id));
  const waits = ({ connectionId, ttl }: Record<string, unknown>) =>
    unmissed.has(String(connectionId)) || (ttl !== undefined && cloud.isMissed(String(connectionId)));
  const items = cloud.table.contents
    .filter((item) => !waits(item))
    .map(({ pk }) => String(pk))
    .filter((pk) => pk !== 'media-nodes' && !/^address#hyperty:\/\/[^/]+\/media-/.test(pk));
  if (items.length > 0) return `left in the table: ${items.join(', ')}`;
  return (
    first(nodes, ({ name, media, health }) => {
      const pipelines = media.server?.pipelines.size ?? 0;
      const endpoints = media.server?.endpoints.length ?? 0;
      if (pipelines + endpoints > 0) return `left at ${name}: ${pipelines} pipelines, ${endpoints} endpoints`;
      const { rooms = 0, endpoints: held = 0 } = health ?? {};
      return rooms + held > 0 ? `the agent of ${name} still has ${rooms} rooms, ${held} endpoints` : undefined;
    }) ??
    first(pages, ({ name, process }) => {
      const pending = process.alive ? scheduler.pending(process) : [];
      return pending.length > 0 ? `left on the page of ${name}: ${pending.join(', ')}` : undefined;
    }) ??
    first(cloud.gateway.connections, ({ id, owner }) =>
      owner.alive && !nodes.some((node) => node.process === owner) ? `${id} of ${owner.name} is open` : undefined,
    )
  );
}
