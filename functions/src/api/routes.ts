import {
  coversRoom,
  DataMessage,
  DEFAULT_LIMIT,
  Invitation,
  idOf,
  NewDataMessage,
  NewInvitation,
  NewRoom,
  Participant,
  Participants,
  ParticipantUpdate,
  ReasonQuery,
  Room,
  RoomsPage,
  RoomsQuery,
  RoomUpdate,
} from '@hyperroom/protocol';
import { moderate, moderationsOf, participantIn } from './participants.ts';
import { requireCovered, requireRoom } from './permissions.ts';
import { type Route, route } from './route.ts';

const listRooms = route(
  { query: RoomsQuery, status: 200, answer: RoomsPage, errors: ['bad-request'] },
  async ({ backend, grants, query: { limit = DEFAULT_LIMIT, cursor } }) => {
    const { rooms, ...rest } = await backend.list({ limit, cursor });
    return { rooms: rooms.filter(({ url }) => coversRoom(grants.room, idOf(url))), ...rest };
  },
);

const createRoom = route(
  { grant: 'create', body: NewRoom, status: 201, answer: Room, errors: ['bad-request', 'conflict', 'no-media-node'] },
  ({ backend, grants, body: { id, options } }) => {
    requireRoom(grants, id);
    return backend.create(id, options);
  },
);

const getRoom = route({ status: 200, answer: Room, errors: ['bad-request', 'not-found'] }, ({ backend, room }) =>
  backend.read(room),
);

const updateRoom = route(
  { grant: 'moderate', body: RoomUpdate, status: 200, answer: Room, errors: ['bad-request', 'not-found'] },
  ({ backend, room, body }) => moderate(backend, room, { action: 'change', changes: body }),
);

const endRoom = route(
  { grant: 'moderate', query: ReasonQuery, status: 204, errors: ['bad-request', 'not-found'] },
  ({ backend, room, query: { reason } }) => backend.moderate(room, { action: 'end', reason }),
);

const listParticipants = route(
  { status: 200, answer: Participants, errors: ['bad-request', 'not-found'] },
  async ({ backend, room }) => {
    const { participants, waiting } = (await backend.read(room)).data;
    return { participants, waiting };
  },
);

const inviteParticipant = route(
  { body: NewInvitation, status: 201, answer: Invitation, errors: ['bad-request'] },
  ({ invite, grants, room, body }) => {
    requireCovered(grants, body);
    return invite(room, body);
  },
);

const getParticipant = route(
  { status: 200, answer: Participant, errors: ['bad-request', 'not-found'] },
  async ({ backend, room, participant }) => participantIn(await backend.read(room), participant),
);

const updateParticipant = route(
  {
    grant: 'moderate',
    body: ParticipantUpdate,
    status: 200,
    answer: Participant,
    errors: ['bad-request', 'not-found'],
  },
  async ({ backend, room, participant, body }) => {
    let changed = await backend.read(room);
    for (const moderation of moderationsOf(participant, body)) changed = await moderate(backend, room, moderation);
    return participantIn(changed, participant);
  },
);

const removeParticipant = route(
  { grant: 'moderate', query: ReasonQuery, status: 204, errors: ['bad-request', 'not-found'] },
  ({ backend, room, participant, query: { reason } }) =>
    backend.moderate(room, { action: 'remove', participant, reason }),
);

const admit = route(
  { grant: 'moderate', status: 204, errors: ['bad-request', 'not-found'] },
  ({ backend, room, participant }) => backend.moderate(room, { action: 'admit', participant }),
);

const refuse = route(
  { grant: 'moderate', query: ReasonQuery, status: 204, errors: ['bad-request', 'not-found'] },
  ({ backend, room, participant, query: { reason } }) =>
    backend.moderate(room, { action: 'refuse', participant, reason }),
);

const sendData = route(
  { grant: 'data', body: NewDataMessage, status: 201, answer: DataMessage, errors: ['bad-request', 'not-found'] },
  ({ backend, room, body }) => backend.send(room, body),
);

/** By the route keys of API Gateway. */
export const routes = {
  'GET /v1/rooms': listRooms,
  'POST /v1/rooms': createRoom,
  'GET /v1/rooms/{room}': getRoom,
  'PATCH /v1/rooms/{room}': updateRoom,
  'DELETE /v1/rooms/{room}': endRoom,
  'GET /v1/rooms/{room}/participants': listParticipants,
  'POST /v1/rooms/{room}/participants': inviteParticipant,
  'GET /v1/rooms/{room}/participants/{participant}': getParticipant,
  'PATCH /v1/rooms/{room}/participants/{participant}': updateParticipant,
  'DELETE /v1/rooms/{room}/participants/{participant}': removeParticipant,
  'POST /v1/rooms/{room}/waiting/{participant}': admit,
  'DELETE /v1/rooms/{room}/waiting/{participant}': refuse,
  'POST /v1/rooms/{room}/data': sendData,
} satisfies Record<string, Route>;
export type RouteKey = keyof typeof routes;
