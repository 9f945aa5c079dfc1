import { DEFAULT_LIMIT, type ResolvedRoomOptions } from '@hyperroom/protocol';

/* What the document says of the schemas. They themselves travel with the SDK, where texts would weigh. */

const OPTIONS: Record<keyof ResolvedRoomOptions, string> = {
  capacity: 'How many participants the room takes at the most.',
  codec: 'The only video codec of the room.',
  emptyTimeout: 'Seconds that the room lasts with nobody in it.',
  departureGrace: 'Seconds that a participant without a socket keeps its place.',
  maxBitrate: 'The most that the video of one publication takes, in kbit/s.',
  lastN: 'How many publications a participant receives at the most: screens first, then those who spoke last.',
  publishers: 'Who may publish.',
  identities: 'What a second join of the same user does: it ends the first (`replace`), or it is refused (`reject`).',
  history: 'How many data messages to everyone are kept for those who join later.',
  locked: 'Nobody but moderators gets in.',
  waitingRoom: 'Whoever is no moderator waits to be admitted by one.',
};

const METADATA = 'What the application says of it, in keys and values of its own: at most 1024 bytes as JSON.';
const METADATA_CHANGES = 'Metadata to change: null deletes a key.';

interface SchemaText {
  readonly description: string;
  readonly properties?: Readonly<Record<string, string>>;
}

const TEXTS = {
  Room: {
    description: 'A room, as its participants observe it.',
    properties: {
      url: '`comm://<domain>/<id>`',
      reporter: 'The conference hyperty, which runs the room.',
      schema: 'The reTHINK schema of `data`.',
      name: 'The id of the room.',
      version: 'Rises by one with each change of an attribute.',
      created: 'ISO 8601.',
      lastModified: 'ISO 8601.',
      data: 'Its state.',
    },
  },
  RoomData: {
    description: 'The state of a room.',
    properties: {
      startingTime: 'When the room was created: ISO 8601.',
      status: 'A room that can be read is `open`.',
      epoch: 'Rises whenever its media begin anew, on another media node or the same.',
      media: '`waiting`: there is no media node for it at the moment.',
      options: 'How it is run.',
      metadata: METADATA,
      speakers: 'Ids of those who spoke last, latest first, where there are more publications than `lastN`.',
      participants: 'Who is in it, by their ids.',
      waiting: 'Who asks to be admitted, by their ids.',
    },
  },
  ResolvedRoomOptions: { description: 'How a room is run.', properties: OPTIONS },
  RoomOptions: {
    description: 'How the room is to be run. What is left out has its default.',
    properties: { ...OPTIONS, metadata: METADATA },
  },
  NewRoom: {
    description: 'A room to create.',
    properties: { id: 'Under this id clients join it.', options: 'How it is to be run.' },
  },
  RoomUpdate: {
    description: 'What is to change while the room lasts.',
    properties: {
      capacity: OPTIONS.capacity,
      publishers: OPTIONS.publishers,
      locked: OPTIONS.locked,
      waitingRoom: OPTIONS.waitingRoom,
      metadata: METADATA_CHANGES,
    },
  },
  RoomsPage: {
    description: 'Some of the rooms.',
    properties: {
      rooms: 'May be fewer than asked for, or none, though there are more: as long as there is a `cursor`, go on.',
      cursor: 'Asks for the next page. Absent: this is the last one.',
    },
  },
  Participant: {
    description: 'Somebody in a room.',
    properties: {
      hypertyURL: 'Its hyperty: the last segment is its id in the room.',
      domain: 'The domain of its hyperty.',
      identity: 'Who it is: `name` is what others see, `user` the URL of the user.',
      role: 'Moderators may do to the room what this API does.',
      status: '`disconnected`: its socket is gone, and its departure grace is running.',
      publications: 'What it publishes: `main` (camera and microphone) and `screen`.',
      muted: 'What it has muted itself.',
      blocked: 'What a moderator or a back end has muted: the media server passes none of it on.',
      metadata: METADATA,
      joined: 'ISO 8601.',
    },
  },
  Publication: {
    description: 'What a participant sends through one connection.',
    properties: {
      connection: 'The URL of its connection.',
      sources: 'Where its media come from.',
      media: 'Whether they have reached the media server.',
    },
  },
  WaitingParticipant: {
    description: 'Somebody who asks to be admitted.',
    properties: { hypertyURL: 'Its hyperty.', identity: 'Who it is.', since: 'ISO 8601.' },
  },
  Participants: {
    description: 'Who is in a room, and who asks to be admitted.',
    properties: { participants: 'By their ids.', waiting: 'By their ids.' },
  },
  ParticipantUpdate: {
    description: 'What is to change.',
    properties: {
      role: 'What it is from now on.',
      blocked: 'All that is to be blocked from now on: what is not listed is unblocked.',
      metadata: METADATA_CHANGES,
    },
  },
  NewInvitation: {
    description: 'Whom a token is for, and what it lets its bearer do in the room.',
    properties: {
      user: 'A name, which becomes a user of the domain, or such a user’s URL, `user://<domain>/…`.',
      name: 'What others see, whatever name it joins with. Default: the name given as `user`.',
      create: 'It may create the room by joining.',
      publish: 'Everything, nothing, or what comes from these sources.',
      subscribe: 'It may receive the media of others.',
      data: 'It may send chat and application data.',
      moderate: 'It is a moderator.',
      metadata: 'What its metadata are to begin with.',
      expiresIn: 'Seconds that the token is good for.',
    },
  },
  Invitation: {
    description: 'What a client needs to join.',
    properties: {
      token: 'For the SDK, or as `?token=` of the signalling URL.',
      expires: 'Until when the token is good: ISO 8601.',
      signalling: 'The URL that clients connect to.',
    },
  },
  NewDataMessage: {
    description: 'A message to those in a room.',
    properties: {
      topic: 'What it is about; `chat` is what the SDK shows as chat, its data are texts.',
      data: 'Any JSON, at most 8192 bytes.',
      to: 'The ids of the participants that it is for. Absent: everyone.',
    },
  },
  DataMessage: {
    description: 'A message as its receivers get it.',
    properties: {
      id: 'Its own.',
      topic: 'What it is about.',
      data: 'Any JSON.',
      sender: 'Who sent it; absent: a back end.',
      to: 'Whom it was for; absent: everyone.',
      sent: 'ISO 8601.',
    },
  },
  ApiError: {
    description: 'Why a request was refused.',
    properties: { code: 'Stays as it is from one release to the next.', message: 'For people.' },
  },
  LifecycleEvent: { description: 'What has happened in a room. The same event may come twice, with the same `id`.' },
} satisfies Record<string, SchemaText>;

/** By the names of the components. */
export const SCHEMA_TEXTS: Readonly<Record<SchemaName, SchemaText>> = TEXTS;
export type SchemaName = keyof typeof TEXTS;

export const PARAMETER_TEXTS: Readonly<Record<string, string>> = {
  room: 'The id of the room.',
  participant: 'The id that the participant has in the room: the last segment of its hyperty’s URL.',
  limit: `How many rooms at the most. Default: ${DEFAULT_LIMIT}.`,
  cursor: 'Where the page before has ended.',
  reason: 'Those concerned are told.',
};
