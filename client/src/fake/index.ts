export { FakeServer } from './server.ts';
export type {
  FakeGrants,
  FakeJoinOptions,
  FakeParticipant,
  FakeQuality,
  FakeTokenOptions,
  Refusable,
  RefusalCode,
  Whom,
} from './types.ts';
