import { DEFAULT_ROOM_OPTIONS, type LifecycleEvent, type Participant, type Room, SCHEMAS } from '@hyperroom/protocol';

const AT = '2026-03-01T09:00:00.000Z';

const ADA: Participant = {
  hypertyURL: 'hyperty://example.org/b0f5c1de-ada',
  domain: 'example.org',
  identity: { name: 'Ada', user: 'user://example.org/ada' },
  role: 'moderator',
  status: 'live',
  publications: {
    main: {
      connection: 'connection://example.org/5b7a0c3e',
      sources: ['microphone', 'camera'],
      media: 'connected',
    },
  },
  muted: [],
  blocked: [],
  metadata: { team: 'blue' },
  joined: AT,
};

const GRACE = {
  hypertyURL: 'hyperty://example.org/77c1a9f0-grace',
  identity: { name: 'Grace', user: 'user://example.org/grace' },
  since: AT,
};

const ROOM: Room = {
  url: 'comm://example.org/standup',
  reporter: 'hyperty://example.org/conference',
  schema: SCHEMAS.communication,
  name: 'standup',
  version: 3,
  created: AT,
  lastModified: AT,
  data: {
    startingTime: AT,
    status: 'open',
    epoch: 1,
    media: 'ready',
    options: { ...DEFAULT_ROOM_OPTIONS, emptyTimeout: 600, waitingRoom: true },
    metadata: { title: 'Daily stand-up' },
    speakers: [],
    participants: { 'b0f5c1de-ada': ADA },
    waiting: { '77c1a9f0-grace': GRACE },
  },
};

const MESSAGE = { topic: 'chat', data: 'Five minutes left.' };

const JOINED: LifecycleEvent = {
  event: 'participant.joined',
  id: '0d6c9b1e.2.0',
  time: AT,
  room: { id: 'standup', url: ROOM.url, incarnation: '0d6c9b1e', metadata: ROOM.data.metadata },
  participant: {
    id: 'b0f5c1de-ada',
    hypertyURL: ADA.hypertyURL,
    identity: ADA.identity,
    role: ADA.role,
    metadata: ADA.metadata,
    joined: AT,
  },
};

/** By the names of the components. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  Room: ROOM,
  RoomsPage: { rooms: [ROOM], cursor: 'standup' },
  NewRoom: { id: 'standup', options: { emptyTimeout: 600, waitingRoom: true, metadata: { title: 'Daily stand-up' } } },
  RoomUpdate: { locked: true, metadata: { title: null } },
  Participant: ADA,
  Participants: { participants: ROOM.data.participants, waiting: ROOM.data.waiting },
  ParticipantUpdate: { blocked: ['microphone'], metadata: { raisedHand: null } },
  NewInvitation: { user: 'grace', name: 'Grace', publish: ['microphone'], expiresIn: 3600 },
  Invitation: {
    token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyOi8vZXhhbXBsZS5vcmcvZ3JhY2UifQ.c2lnbmF0dXJl',
    expires: '2026-03-01T10:00:00.000Z',
    signalling: 'wss://abcde12345.execute-api.eu-central-1.amazonaws.com/live',
  },
  NewDataMessage: MESSAGE,
  DataMessage: { id: 'server.4be1c0de', ...MESSAGE, sent: AT },
  ApiError: { code: 'not-found', message: 'no such room' },
  LifecycleEvent: JOINED,
};
