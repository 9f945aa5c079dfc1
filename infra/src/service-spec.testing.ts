import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

let loaded: SpecDatabase | undefined;

/** What AWS's own schemas say against the resources of a template; nothing, if they are as they should be. */
export function schemaProblems(resources: Readonly<Record<string, Resource>>): string[] {
  loaded ??= loadAwsServiceSpecSync();
  const database = loaded;
  return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', Type);
    // What a custom resource takes only its own function knows.
    if (Type.startsWith('Custom::')) return [];
    if (resource === undefined) return [`${id}: there is no type ${Type}`];
    return objectProblems(database, `${id} (${Type})`, Properties, resource.properties);
  });
}

function objectProblems(
  database: SpecDatabase,
  path: string,
  given: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, Property>>,
): string[] {
  const missing = Object.entries(properties).filter(([name, { required }]) => required && given[name] === undefined);
  return [
    ...missing.map(([name]) => `${path}.${name}: is required`),
    ...Object.entries(given).flatMap(([name, value]) => {
      const property = properties[name];
      if (property === undefined) return [`${path}.${name}: there is no such property`];
      return valueProblems(database, `${path}.${name}`, value, property);
    }),
  ];
}

/** CloudFormation's schemas have been sharpened over the years: what an older one allowed is still taken. */
function valueProblems(database: SpecDatabase, path: string, value: unknown, property: Property): string[] {
  return fewestProblems([property.type, ...(property.previousTypes ?? [])], (type) =>
    typeProblems(database, path, value, type),
  );
}

function fewestProblems(types: readonly PropertyType[], problemsOf: (type: PropertyType) => string[]): string[] {
  const [fewest = []] = types.map(problemsOf).toSorted((one, other) => one.length - other.length);
  return fewest;
}

function typeProblems(database: SpecDatabase, path: string, value: unknown, type: PropertyType): string[] {
  if (isIntrinsic(value)) return [];
  switch (type.type) {
    case 'array':
      if (!Array.isArray(value)) return [`${path}: expected a list`];
      return value.flatMap((item, index) => typeProblems(database, `${path}[${index}]`, item, type.element));
    case 'map':
      if (!isObject(value)) return [`${path}: expected a map`];
      return Object.entries(value).flatMap(([key, item]) =>
        typeProblems(database, `${path}.${key}`, item, type.element),
      );
    case 'ref':
      if (!isObject(value)) return [`${path}: expected an object`];
      return objectProblems(database, path, value, database.get('typeDefinition', type.reference.$ref).properties);
    case 'union':
      return fewestProblems(type.types, (one) => typeProblems(database, path, value, one));
    case 'tag':
      return isObject(value) && 'Key' in value && 'Value' in value ? [] : [`${path}: expected a tag`];
    default:
      return isPrimitive(value, type) ? [] : [`${path}=${JSON.stringify(value)}: expected ${JSON.stringify(type)}`];
  }
}

type PrimitiveType = Exclude<PropertyType, { readonly type: 'array' | 'map' | 'ref' | 'union' | 'tag' }>;

function isPrimitive(value: unknown, type: PrimitiveType): boolean {
  switch (type.type) {
    case 'json':
      return true;
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value) && (type.allowedValues?.includes(Number(value)) ?? true);
    case 'date-time':
      return typeof value === 'string';
    case 'string':
      return typeof value === 'string' && (type.allowedValues?.includes(value) ?? true);
  }
}

/** Only CloudFormation knows what it will be. */
function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [key = '', ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
