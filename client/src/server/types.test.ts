import type * as protocol from '@hyperroom/protocol';
import { expectTypeOf, test } from 'vitest';
import type * as types from './types.ts';

// `npm run types` checks these: what comes of a schema fits its public type, and what the public type allows the schema's does.
test('what is public is what the schemas say', () => {
  expectTypeOf<types.Room>().toEqualTypeOf<protocol.Room>();
  expectTypeOf<types.RoomData>().toEqualTypeOf<protocol.RoomData>();
  expectTypeOf<types.Participants>().toEqualTypeOf<protocol.Participants>();
  expectTypeOf<types.Invitation>().toEqualTypeOf<protocol.Invitation>();
  expectTypeOf<types.NewData>().toEqualTypeOf<protocol.DataBody['value']>();
  expectTypeOf<types.TokenClaims>().toEqualTypeOf<protocol.TokenClaims>();
  expectTypeOf<types.LifecycleEvent['event']>().toEqualTypeOf<protocol.LifecycleEvent['event']>();
  expectTypeOf<protocol.LifecycleEvent>().toExtend<types.LifecycleEvent>();
});
