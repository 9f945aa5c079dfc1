import type { JsonObject } from './json.ts';

/** An error as it goes on the wire: `data.type` is what Kurento's clients switch on. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: JsonObject | undefined;

  constructor(code: number, message: string, data?: JsonObject) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

const typed = (code: number, type: string, message: string) => new RpcError(code, message, { type });

export const invalidRequest = () => new RpcError(-32600, 'Invalid JSON-RPC request.');
export const methodNotFound = () => new RpcError(-32601, 'Method not found.');
export const paramsRequired = () => typed(-32602, 'INVALID_PARAMS', "'params' is required");
export const missingField = (name: string) => new RpcError(-32000, `'${name}' parameter is required`);
export const unexpected = (reason: string) =>
  new RpcError(-32603, `Unexpected error while processing method: ${reason}`);
export const notificationIgnored = (result: JsonObject) =>
  new RpcError(-32000, 'Ignoring response because of a notification request', result);

export const marshalError = (message: string) => typed(40001, 'MARSHALL_ERROR', message);
export const pipelinesDiffer = () => typed(40004, 'CONNECT_ERROR', 'Media elements do not share pipeline');
export const invalidSession = () => typed(40007, 'INVALID_SESSION', 'Invalid session');
export const malformedTransaction = (message: string) => typed(40008, 'MALFORMED_TRANSACTION', message);
export const operationNotFound = (operation: string, parameters: number) =>
  malformedTransaction(`Method '${operation}' with ${parameters} parameters not found`);

export const objectNotFound = (id: string) => typed(40101, 'MEDIA_OBJECT_NOT_FOUND', `Object '${id}' not found`);
export const eventNotSupported = (event: string) =>
  typed(40106, 'MEDIA_OBJECT_EVENT_NOT_SUPPORTED', `Event '${event}' not supported`);
export const factoryNotFound = (type: string) =>
  typed(40108, 'MEDIA_OBJECT_NOT_AVAILABLE', `Factory '${type}' not found`);
export const tagNotFound = () => typed(40110, 'MEDIA_OBJECT_TAG_KEY_NOT_FOUND', 'Tag key not found');
export const keyFrameRefused = () =>
  typed(
    40111,
    'MEDIA_OBJECT_OPERATION_NOT_SUPPORTED',
    'Keyframe request failed (must be requested from a subscriber element)',
  );

export const invalidSdp = (message = 'Invalid SDP') => typed(40201, 'SDP_PARSE_ERROR', message);
export const noLocalSdp = () => typed(40202, 'SDP_END_POINT_NO_LOCAL_SDP_ERROR', 'No local SDP');
export const noRemoteSdp = () => typed(40203, 'SDP_END_POINT_NO_REMOTE_SDP_ERROR', 'No remote SDP');
export const alreadyNegotiated = () => typed(40208, 'SDP_END_POINT_ALREADY_NEGOTIATED', 'Endpoint already negotiated');
export const offerNotGenerated = () =>
  typed(40209, 'SDP_END_POINT_NOT_OFFER_GENERATED', 'Offer not generated. It is not possible to process an answer.');
export const answerAlreadyProcessed = () =>
  typed(40210, 'SDP_END_POINT_ANSWER_ALREADY_PROCCESED', 'Sdp Answer already processed');

export const candidateRefused = () => typed(40401, 'ICE_ADD_CANDIDATE_ERROR', 'Error adding candidate');
export const moduleNotFound = () => typed(40500, 'UNDEFINED', "Requested kmd module doesn't exist");
