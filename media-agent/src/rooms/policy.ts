import { MAX_CANDIDATES, MAX_CONNECTIONS } from '@hyperroom/protocol';

/**
 * How many receive connections of a participant are kept answered without a publication to show.
 * One: whoever joins next is seen by everybody at once, over a transport that is up already, and it is replaced in the
 * same push that puts it to use. A second would serve only two joins within one round trip, and each spare costs
 * Kurento 8 file descriptors and half a megabyte for every participant of every room.
 */
export const SPARES = 1;

/** A room takes 100 participants at the most; some connections may be on their way out. */
export const MAX_RECEIVERS = 128;

/** URLs of finished connections remembered per participant, so that a late duplicate of their offer starts nothing. */
export const MAX_SPENT = 256;

/** Candidates that came before their offer. */
export const MAX_EARLY_CONNECTIONS = MAX_CONNECTIONS;
export const MAX_EARLY_CANDIDATES = MAX_CANDIDATES;

/** Milliseconds for which a finished room is remembered: longer than any command of it can be under way. */
export const TOMBSTONE_LIFE = 60_000;

/** Milliseconds until the departure of somebody whom the conference has not removed is reported again. */
export const GONE_REPEAT = 10_000;

/**
 * Milliseconds that the media of a room which goes on elsewhere last here at the most: its clients need a second or two
 * for the way there, and let go of this one when they see there what they have seen here.
 */
export const MOVE_OVERLAP = 30_000;

/** Milliseconds until the loss of a room's media is reported again, where nothing has come of it. */
export const LOST_REPEAT = 3_000;

/**
 * Milliseconds that a receiver whose successor has its transport is left to its client to close, which does so when it
 * has media through the successor: in Chromium these come up to 1.7 s later than the transport.
 */
export const HAND_OVER = 4_000;

/** Milliseconds that an answered receiver is given for its transport: nobody is to hold an endpoint for nothing. */
export const CONNECTING = 20_000;

/** Seconds after which a refusal that will pass is worth another request. */
export const RETRY_AFTER = 1;

/**
 * Milliseconds between asking whether somebody is there whom no media prove alive, and how long each of two answers is
 * waited for: one may be lost. With the grace and the way of the reports a network that died is noticed by everybody
 * within half a minute.
 */
export const PROBE_INTERVAL = 12_000;
export const PROBE_PATIENCE = 4_000;
