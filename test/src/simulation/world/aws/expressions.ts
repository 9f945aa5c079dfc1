import { createRequire } from 'node:module';
import { type Request, ServiceError } from './local.ts';

type Value = Readonly<Record<string, unknown>>;

interface Parser {
  parse(expression: string, options: { context: object }): unknown;
}

const require = createRequire(import.meta.url);
const PARSERS: Readonly<Record<'update' | 'condition', Parser>> = {
  update: require('dynalite/db/updateParser.js'),
  condition: require('dynalite/db/conditionParser.js'),
};

const templates = new Map<string, { tree: unknown; holes: Map<unknown, string> }>();

/**
 * An expression as dynalite's parser reads it, filled with a request's names and values. Parsing takes half a millisecond, and
 * the same few expressions come again and again: each is parsed once, with its names for names and holes for values.
 */
export function parsed(kind: 'update' | 'condition', expression: string, request: Request): unknown {
  const names = (request.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const values = (request.ExpressionAttributeValues ?? {}) as Record<string, Value>;
  const types = Object.entries(values).map(([name, value]) => `${name}${Object.keys(value)[0]}`);
  const key = `${kind} ${expression} ${types.sort().join(' ')}`;
  const template = templates.get(key) ?? templateOf(kind, expression, names, values);
  templates.set(key, template);
  return filled(template.tree, template.holes, names, values);
}

function templateOf(
  kind: 'update' | 'condition',
  expression: string,
  names: Readonly<Record<string, string>>,
  values: Readonly<Record<string, Value>>,
) {
  const holes = new Map<unknown, string>();
  const attrVals: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) {
    const hole = structuredClone(value);
    holes.set(hole, name);
    attrVals[name] = hole;
  }
  const attrNames = Object.fromEntries(Object.keys(names).map((name) => [name, name]));
  const context = { attrNames, attrVals, unusedAttrNames: {}, unusedAttrVals: {}, isReserved: () => false };
  const tree = PARSERS[kind].parse(expression, { context });
  if (typeof tree === 'string') throw invalid(`${expression}: ${tree}`);
  return { tree, holes };
}

/** A copy to be changed freely, as those who evaluate it do. */
function filled(
  node: unknown,
  holes: ReadonlyMap<unknown, string>,
  names: Readonly<Record<string, string>>,
  values: Readonly<Record<string, Value>>,
): unknown {
  if (typeof node === 'string') return names[node] ?? node;
  if (typeof node !== 'object' || node === null) return node;
  const hole = holes.get(node);
  if (hole !== undefined) return structuredClone(values[hole]);
  if (Array.isArray(node)) return node.map((each) => filled(each, holes, names, values));
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [names[key] ?? key, filled(value, holes, names, values)]),
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError(400, { __type: 'com.amazon.coral.validate#ValidationException', message });
}
