/** What `Ref` and `Fn::GetAtt` say of one deployed resource. */
export interface ResourceIdentity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Scope {
  /** `AWS::Region` and its like. */
  readonly pseudoParameters: Readonly<Record<string, string>>;
  identify(logicalId: string): ResourceIdentity | undefined;
}

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code = 'template-unsupported';
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const noValue = Symbol('AWS::NoValue');

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => resolveRef(text(argument, 'Ref'), scope),
  'Fn::GetAtt': resolveGetAtt,
  'Fn::Join': resolveJoin,
  'Fn::Sub': resolveSub,
  'Fn::Select': resolveSelect,
  'Fn::Split': resolveSplit,
};

/** Replaces every intrinsic function in a template value by what CloudFormation would put there. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isIntrinsicName(first[0])) {
    const intrinsic = intrinsics[first[0]];
    if (intrinsic === undefined) throw new TemplateError(`unsupported intrinsic function ${first[0]}`);
    return intrinsic(first[1], scope);
  }
  const resolved = entries.map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== noValue));
}

function isIntrinsicName(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

function resolveRef(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return noValue;
  const pseudo = scope.pseudoParameters[name];
  if (pseudo !== undefined) return pseudo;
  const identity = scope.identify(name);
  if (identity === undefined) throw new TemplateError(`Ref to unknown ${name}`);
  return identity.ref;
}

function resolveGetAtt(argument: unknown, scope: Scope): string {
  const path = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt');
  const [logicalId, ...rest] = path.map((part) => text(part, 'Fn::GetAtt'));
  const attribute = rest.join('.');
  const value = scope.identify(logicalId ?? '')?.attributes[attribute];
  if (value === undefined) throw new TemplateError(`Fn::GetAtt of unknown ${logicalId}.${attribute}`);
  return value;
}

function resolveJoin(argument: unknown, scope: Scope): string {
  const [separator, parts] = list(argument, 'Fn::Join');
  const resolved = list(resolve(parts, scope), 'Fn::Join');
  return resolved.map((part) => text(part, 'Fn::Join')).join(text(separator, 'Fn::Join'));
}

function resolveSub(argument: unknown, scope: Scope): string {
  const [template, substitutes] = Array.isArray(argument) ? argument : [argument, {}];
  const given = new Map(Object.entries(resolve(substitutes ?? {}, scope) as Record<string, unknown>));
  return text(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (given.has(name)) return text(given.get(name), 'Fn::Sub');
    if (name.includes('.')) return resolveGetAtt(name, scope);
    return text(resolveRef(name, scope), 'Fn::Sub');
  });
}

function resolveSelect(argument: unknown, scope: Scope): unknown {
  const [index, choices] = list(argument, 'Fn::Select');
  const chosen = list(resolve(choices, scope), 'Fn::Select')[Number(resolve(index, scope))];
  if (chosen === undefined) throw new TemplateError('Fn::Select out of range');
  return chosen;
}

function resolveSplit(argument: unknown, scope: Scope): string[] {
  const [separator, source] = list(argument, 'Fn::Split');
  return text(resolve(source, scope), 'Fn::Split').split(text(separator, 'Fn::Split'));
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new TemplateError(`${where} expects a list`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${where} expects a string`);
}
