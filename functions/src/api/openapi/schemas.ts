import {
  ApiError,
  DataMessage,
  Invitation,
  LifecycleEvent,
  NewDataMessage,
  NewInvitation,
  NewRoom,
  Participant,
  Participants,
  ParticipantUpdate,
  Publication,
  ResolvedRoomOptions,
  Room,
  RoomData,
  RoomsPage,
  RoomUpdate,
  WaitingParticipant,
} from '@hyperroom/protocol';
import { type JsonSchema, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { EXAMPLES } from './examples.ts';
import { SCHEMA_TEXTS, type SchemaName } from './texts.ts';

export const COMPONENTS = {
  Room,
  RoomData,
  ResolvedRoomOptions,
  RoomOptions: NewRoom.entries.options.wrapped,
  NewRoom,
  RoomUpdate,
  RoomsPage,
  Participant,
  Publication,
  WaitingParticipant,
  Participants,
  ParticipantUpdate,
  NewInvitation,
  Invitation,
  NewDataMessage,
  DataMessage,
  ApiError,
  LifecycleEvent,
} satisfies Record<SchemaName, GenericSchema>;

const refTo = (name: string) => `#/components/schemas/${name}`;

const CONFIG = {
  target: 'draft-2020-12',
  // Checks that JSON Schema has no words for, as a limit in bytes, are in the texts.
  errorMode: 'ignore',
} as const;

/** The schemas of the bodies, described. */
export function componentSchemas(): Record<string, JsonSchema> {
  const schemas = toJsonSchemaDefs(COMPONENTS, { ...CONFIG, overrideRef: ({ referenceId }) => refTo(referenceId) });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, described(name, schema)]));
}

function described(name: string, schema: JsonSchema): JsonSchema {
  const texts = SCHEMA_TEXTS[name as SchemaName];
  const properties = Object.entries(schema.properties ?? {}).map(([property, value]) => {
    const description = texts.properties?.[property];
    return [property, typeof value === 'object' && description ? { ...value, description } : value] as const;
  });
  return {
    description: texts.description,
    ...schema,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(name in EXAMPLES && { examples: [EXAMPLES[name]] as JsonSchema['examples'] }),
  };
}

/** A reference to the component that a route's schema is. */
export function schemaRef(schema: GenericSchema): { $ref: string } {
  const found = Object.entries(COMPONENTS).find(([, component]) => component === schema);
  if (!found) throw new Error('the schema of a route is not among the components');
  return { $ref: refTo(found[0]) };
}

/** What a query may have: a number in it is one, though it comes as text. */
export function queryProperties(schema: GenericSchema): Record<string, JsonSchema> {
  const { properties = {} } = toJsonSchema(schema, { ...CONFIG, typeMode: 'output' });
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, typeof value === 'object' ? value : {}]),
  );
}
