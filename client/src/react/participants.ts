import type {
  LocalParticipant,
  Metadata,
  Participant,
  Quality,
  RemoteParticipant,
  Room,
  RoomEvents,
  WaitingParticipant,
} from '../index.ts';
import { useRoom, useRoomView } from './context.ts';
import { remembered } from './sharing.ts';
import { every, useView } from './subscribing.ts';
import { type ParticipantView, type PublicationViews, viewOf } from './views.ts';

const MEMBERSHIP = ['participantJoined', 'participantLeft'] as const;
const PUBLICATIONS = ['participantUpdated', 'publicationAdded', 'publicationRemoved', 'subscriptionChanged'] as const;
const PARTICIPANT = [...PUBLICATIONS, 'muted', 'unmuted'] as const;
const METADATA = ['metadataChanged'] as const;
const SPEAKERS = ['activeSpeakersChanged', 'stateChanged'] as const;
const QUALITY = ['connectionQualityChanged'] as const;
const WAITING = ['waitingChanged'] as const;

/** Levels have no event: they are measured every 200 milliseconds. */
const CLOCK = { on: every };
const LEVEL_INTERVAL = [100] as const;

const all = remembered((room: Room): readonly Participant[] => [room.localParticipant, ...room.participants.values()]);
const remote = remembered((room: Room) => [...room.participants.values()]);
const speakers = remembered((room: Room) => room.activeSpeakers);
const waiting = remembered((room: Room) => [...room.waiting.values()]);

/** This page's own participant, to act on: it is always the same, and never causes a render. What it is like says `useParticipant`. */
export function useLocalParticipant(): LocalParticipant {
  return useRoom().localParticipant;
}

/** Everybody in the room, the local participant first: another list only when somebody comes or goes. */
export function useParticipants(): readonly Participant[] {
  return useRoomView(MEMBERSHIP, all);
}

/** The others in the room: another list only when somebody comes or goes. */
export function useRemoteParticipants(): readonly RemoteParticipant[] {
  return useRoomView(MEMBERSHIP, remote);
}

/** What a participant is like: the same object until something of that participant changes. Who speaks, and how well, is not in it. */
export function useParticipant(participant: Participant): ParticipantView {
  return useParticipantView(participant, PARTICIPANT, (view) => view);
}

/** What a participant publishes: `const { main, screen } = usePublications(participant)`. */
export function usePublications(participant: Participant): PublicationViews {
  return useParticipantView(participant, PUBLICATIONS, ({ publications }) => publications);
}

/** What the application says of a participant. */
export function useMetadata(participant: Participant): Metadata {
  return useParticipantView(participant, METADATA, ({ metadata }) => metadata);
}

/** Whether a participant speaks at the moment. */
export function useIsSpeaking(participant: Participant): boolean {
  return useRoomView(SPEAKERS, () => participant.isSpeaking);
}

/** How loud a participant is, 0 to 1: looked at every 100 milliseconds, so keep what it renders small. */
export function useAudioLevel(participant: Participant): number {
  return useView(CLOCK, LEVEL_INTERVAL, () => participant.audioLevel);
}

/** How well a participant's media arrive; of the local participant, how well its own are sent. */
export function useQuality(participant: Participant): Quality {
  return useRoomView(QUALITY, () => participant.quality, participant);
}

/** Who speaks at the moment, loudest first. */
export function useActiveSpeakers(): readonly Participant[] {
  return useRoomView(SPEAKERS, speakers);
}

/** Who asks to be admitted, longest wait first: `room.moderation.admit(id)`. */
export function useWaiting(): readonly WaitingParticipant[] {
  return useRoomView(WAITING, waiting);
}

function useParticipantView<T>(
  participant: Participant,
  names: readonly (keyof RoomEvents)[],
  select: (view: ParticipantView) => T,
): T {
  return useRoomView(names, () => select(viewOf(participant)), participant);
}
