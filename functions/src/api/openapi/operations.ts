import type { RouteKey } from '../routes.ts';

interface OperationText {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
}

/** What the document says of the routes. */
export const OPERATIONS: Record<RouteKey, OperationText> = {
  'GET /v1/rooms': {
    operationId: 'listRooms',
    summary: 'The rooms that there are',
    description: 'Only those that the token covers.',
  },
  'POST /v1/rooms': {
    operationId: 'createRoom',
    summary: 'Creates a room',
    description:
      'Nobody becomes its moderator by being there first: only tokens with the grant `moderate` make moderators. A room need not be created: a client with the grant `create` does it by joining.',
  },
  'GET /v1/rooms/{room}': { operationId: 'getRoom', summary: 'A room' },
  'PATCH /v1/rooms/{room}': { operationId: 'updateRoom', summary: 'Changes how a room is run' },
  'DELETE /v1/rooms/{room}': {
    operationId: 'endRoom',
    summary: 'Ends a room',
    description: 'Everybody in it, and whoever waits, is dismissed.',
  },
  'GET /v1/rooms/{room}/participants': {
    operationId: 'listParticipants',
    summary: 'Who is in a room, and who asks to be admitted',
  },
  'POST /v1/rooms/{room}/participants': {
    operationId: 'inviteParticipant',
    summary: 'Makes a token to join a room with',
    description:
      'The room need not be there yet. The token grants nothing that the request’s own does not: what is not said otherwise is granted as the defaults say.',
  },
  'GET /v1/rooms/{room}/participants/{participant}': { operationId: 'getParticipant', summary: 'A participant' },
  'PATCH /v1/rooms/{room}/participants/{participant}': {
    operationId: 'updateParticipant',
    summary: 'Blocks what a participant sends, changes its role or its metadata',
    description: 'Metadata first, then what is blocked, then the role: each is a change of the room of its own.',
  },
  'DELETE /v1/rooms/{room}/participants/{participant}': {
    operationId: 'removeParticipant',
    summary: 'Removes a participant',
    description: 'It cannot come back for as long as the room lasts.',
  },
  'POST /v1/rooms/{room}/waiting/{participant}': {
    operationId: 'admit',
    summary: 'Lets somebody in who waits',
  },
  'DELETE /v1/rooms/{room}/waiting/{participant}': {
    operationId: 'refuse',
    summary: 'Sends somebody away who waits',
  },
  'POST /v1/rooms/{room}/data': {
    operationId: 'sendData',
    summary: 'Sends a message to those in a room',
    description: 'It has no sender.',
  },
};
