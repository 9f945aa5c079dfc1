// Frameworks that render on a server need to be told: all of this lives in browsers.
'use client';

export { Call, type CallProps } from './call.tsx';
export type { Chat } from './chat-log.ts';
export {
  HyperroomProvider,
  type HyperroomProviderProps,
  RoomProvider,
  type RoomProviderProps,
  useHyperroom,
  useRoom,
} from './context.ts';
export {
  type Join,
  type Playback,
  useChannel,
  useChat,
  useJoin,
  usePlayback,
  useRoomEvent,
  useRoomMedia,
  useRoomMetadata,
  useRoomOptions,
  useRoomState,
  useStats,
} from './hooks.ts';
export type { Ending, JoinRoomOptions, JoinState } from './joining.ts';
export {
  type Devices,
  type LocalMediaView,
  type SourceView,
  useDevices,
  useLocalMedia,
  useMicrophoneLevel,
} from './media.ts';
export {
  useActiveSpeakers,
  useAudioLevel,
  useIsSpeaking,
  useLocalParticipant,
  useMetadata,
  useParticipant,
  useParticipants,
  usePublications,
  useQuality,
  useRemoteParticipants,
  useWaiting,
} from './participants.ts';
export { Video, type VideoProps, VideoTile, type VideoTileProps } from './video.tsx';
export type { BySource, ParticipantView, PublicationView, PublicationViews } from './views.ts';
