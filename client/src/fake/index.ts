export type { Refusable, RefusalCode } from './faults.ts';
export type { FakeQuality } from './peer-connection.ts';
export { type FakeJoinOptions, type FakeParticipant, FakeServer, type Whom } from './server.ts';
export type { FakeGrants, FakeTokenOptions } from './tokens.ts';
