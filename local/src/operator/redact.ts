/** Names of what is to be known to nobody else: as fields of messages, as attributes and as `:values` of expressions. */
const SECRET_NAMES = new Set([
  'token',
  'resumption',
  'runtimetoken',
  'credential',
  'password',
  'secret',
  'authorization',
]);
/** Of a session description, and of a candidate's URL. */
const ICE_PASSWORD = /(a=ice-pwd:)[^\r\n\s]+/g;
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const IN_QUERY = /([?&](?:token|access_token)=)[^&\s"]+/g;
/** Shorter ones are no secrets, and would be found in other words. */
const SHORTEST = 6;

export const REDACTED = '[secret]';

/**
 * A copy without secrets. What is one by its name in one place is taken out wherever else it stands, so that a token
 * inside a text, or under a name of its own, is no way around this.
 */
export function redacted<Value>(value: Value): Value {
  const secrets = new Set<string>();
  collect(value, false, secrets);
  return without(value, false, [...secrets]) as Value;
}

function isSecret(name: string): boolean {
  return SECRET_NAMES.has(name.replace(/[^a-z]/gi, '').toLowerCase());
}

function collect(value: unknown, secret: boolean, into: Set<string>): void {
  if (typeof value === 'string') {
    if (secret && value.length >= SHORTEST) into.add(value);
  } else if (Array.isArray(value)) {
    for (const each of value) collect(each, secret, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) collect(each, secret || isSecret(name), into);
  }
}

function without(value: unknown, secret: boolean, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secret ? REDACTED : textWithout(value, secrets);
  if (Array.isArray(value)) return value.map((each) => without(each, secret, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, without(each, secret || isSecret(name), secrets)]),
  );
}

function textWithout(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return known.replace(ICE_PASSWORD, `$1${REDACTED}`).replace(JWT, REDACTED).replace(IN_QUERY, `$1${REDACTED}`);
}
