/** What one frame, name or list may measure. API Gateway closes a socket whose single WebSocket frame is larger than this (1009). */
export const MAX_FRAME_BYTES = 32 * 1024;
/** The largest message (in several frames) that API Gateway takes or posts. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
export const MAX_ADDRESS_LENGTH = 512;
export const MAX_ROOM_ID_LENGTH = 128;
export const MAX_NAME_LENGTH = 128;
export const MAX_BATCH_LENGTH = 32;
/** Connection objects in one message: what a participant publishes and a pool of offers to receive. */
export const MAX_CONNECTIONS = 16;
export const MAX_CANDIDATES = 64;
export const MAX_SDP_LENGTH = 24 * 1024;
/** Seconds a registration lives without a keep-alive: reTHINK's default, and its cap. */
export const REGISTRATION_EXPIRES = 3600;
export const MAX_CAPACITY = 100;
/** Publications that one participant receives. */
export const MAX_LAST_N = 32;
export const MAX_METADATA_BYTES = 1024;
/**
 * A room object as JSON. With the roster and a joiner's offers it is one message to the media node, and with the answers one to the
 * joiner: both have MAX_MESSAGE_BYTES.
 */
export const MAX_ROOM_BYTES = 68 * 1024;
/** One data message's `data`, as JSON. */
export const MAX_DATA_BYTES = 8 * 1024;
/** Data messages kept for those who join later; their answer carries at most what one frame of API Gateway takes. */
export const MAX_HISTORY = 100;
