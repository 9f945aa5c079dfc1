export type { Refusable, RefusalCode } from './faults.ts';
export type { FakeParticipant } from './participant.ts';
export type { FakeQuality } from './peer-connection.ts';
export { type FakeJoinOptions, FakeServer, type Whom } from './server.ts';
export type { FakeGrants, FakeTokenOptions } from './tokens.ts';
