import type * as protocol from '@hyperroom/protocol';
import { expectTypeOf, test } from 'vitest';
import type * as types from './types.ts';

// `npm run types` checks these: the public types are written out, so that whoever uses the SDK needs no schemas.
test('what is public is what the schemas say', () => {
  expectTypeOf<types.Metadata>().toEqualTypeOf<protocol.Metadata>();
  expectTypeOf<types.MetadataChanges>().toEqualTypeOf<protocol.MetadataChanges>();
  expectTypeOf<types.MediaKind>().toEqualTypeOf<protocol.MediaKind>();
  expectTypeOf<types.Source>().toEqualTypeOf<protocol.Source>();
  expectTypeOf<types.PublicationName>().toEqualTypeOf<protocol.PublicationName>();
  expectTypeOf<types.MediaState>().toEqualTypeOf<protocol.MediaState>();
  expectTypeOf<types.Role>().toEqualTypeOf<protocol.Role>();
  expectTypeOf<types.VideoCodec>().toEqualTypeOf<protocol.VideoCodec>();
  expectTypeOf<types.ResolvedRoomOptions>().toEqualTypeOf<protocol.ResolvedRoomOptions>();
  expectTypeOf<types.RoomOptions>().toEqualTypeOf<protocol.RoomOptions>();
  expectTypeOf<types.RoomChanges>().toEqualTypeOf<protocol.RoomChanges>();
  expectTypeOf<types.DataMessage>().toEqualTypeOf<protocol.DataMessage>();
});
