import * as v from 'valibot';

/** An OpenID provider whose tokens are accepted beside those signed with the stack's own secret. */
export interface OidcOptions {
  readonly issuer: string;
  readonly audience: string;
}

/** Settings that cannot be used; the message has a line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'bad-settings';
}

const LIMIT_OF_ZONES = 6;
const LIMIT_OF_NODES = 1_000;
const MINUTES_OF_A_DAY = 24 * 60;
/** What CloudWatch Logs can be told. */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3653];

/*
 * `-c key=value` brings text, cdk.json what JSON has. Every message is what is expected: key and value are put before it.
 */

const flag = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])], 'true or false'),
  v.transform((given) => String(given) === 'true'),
);

const number = (least: number, most: number) => {
  const message = `a whole number from ${least} to ${most}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))], message),
    v.integer(message),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
};

const retention = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.transform(Number))], 'a number of days'),
  v.picklist(RETENTIONS, `one of ${RETENTIONS.join(', ')}`),
);

const text = (pattern: RegExp, message: string) => v.pipe(v.string(message), v.regex(pattern, message));

const url = v.pipe(
  v.string('a URL'),
  v.check((given) => URL.canParse(given), 'a URL'),
);

/** What cdk.json says with an empty text. */
const maybe = <Input, Output>(schema: v.GenericSchema<Input, Output>) =>
  v.union([
    v.pipe(
      v.literal(''),
      v.transform(() => undefined),
    ),
    schema,
  ]);

const origins = v.pipe(
  v.union([v.array(v.string()), v.pipe(v.string(), v.transform(partsOf))], 'origins, with commas between them'),
  v.nonEmpty('origins, with commas between them, or *'),
  v.everyItem(
    (part, _, all) => (part === '*' ? all.length === 1 : isOrigin(part)),
    'origins (https://app.example.org, no path), with commas between them; or * by itself',
  ),
  v.readonly(),
);

function partsOf(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isOrigin(part: string): boolean {
  return URL.canParse(part) && new URL(part).origin === part;
}

const removalPolicy = v.picklist(['retain', 'destroy'], 'retain or destroy');

/** No letter g behind the generation: that would be Graviton. */
const instanceType = text(
  /^[a-z]+\d+(?:-?[a-fh-z]+)*\.[a-z0-9-]+$/,
  "an x86-64 instance type such as c7i.large (Kurento's image has no arm64)",
);

function entry<Schema extends v.GenericSchema, const Default extends v.InferInput<Schema>>(
  schema: Schema,
  byDefault: Default,
  description: string,
) {
  return v.pipe(v.optional(schema, byDefault), v.description(description));
}

/** Everything that a deployment may be told, in cdk.json's `context` or as `-c key=value`. docs/settings.md is made of it. */
export const schema = v.object({
  domain: entry(
    text(/^[a-z0-9.-]{1,253}$/, 'a domain name in small letters'),
    'localhost',
    'The reTHINK domain of every address of this deployment, and the dimension of its metrics. It need not be in DNS. It stays: rooms, tokens and users carry it.',
  ),
  region: entry(
    maybe(text(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'a region such as eu-central-1')),
    '',
    'The AWS region. Empty: the one of the credentials.',
  ),
  emulated: entry(
    maybe(flag),
    '',
    'The stack goes to an emulator of AWS, which may ask no authorizer of WebSocket APIs: `$connect` does its work then. No alarms, dashboard, access logs, traces. Empty: whether `AWS_ENDPOINT_URL` is in the environment, as with `cdklocal`.',
  ),
  allowAnonymous: entry(
    flag,
    false,
    'Admit clients without a token, as participants who may do anything but moderate.',
  ),
  oidcIssuer: entry(
    maybe(url),
    '',
    'An OpenID provider whose tokens are accepted beside our own. Empty: none. Goes with `oidcAudience`.',
  ),
  oidcAudience: entry(v.string('a text'), '', 'The audience that the provider’s tokens must be made for.'),
  events: entry(flag, false, 'Tell what happens in rooms on an EventBridge bus of the stack.'),
  webhookUrl: entry(
    maybe(url),
    '',
    'Where what happens in rooms is posted to, signed. Empty: nowhere. Brings the bus.',
  ),
  allowedOrigins: entry(
    origins,
    '*',
    'The origins whose pages may connect, with commas between them; `*`: any. What is no browser sends no origin, and its token decides.',
  ),
  removalPolicy: entry(
    removalPolicy,
    'retain',
    'What becomes of the table, the secrets and the logs when a stack is deleted: `retain` (the table is protected from deletion, too) or `destroy`.',
  ),
  logRetentionDays: entry(retention, 30, 'How long logs are kept.'),
  accessLogs: entry(
    flag,
    true,
    'Log who connects, sends and asks. It gives API Gateway a role to write logs, for all APIs of the account in the region; `false` leaves the account alone.',
  ),
  alarmEmail: entry(
    maybe(text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')),
    '',
    'Who is written to when an alarm is raised (AWS asks for a confirmation first). Empty: alarms are only shown.',
  ),
  tracing: entry(flag, false, 'X-Ray traces of the functions. It costs, and nothing waits for it.'),
  media: entry(flag, true, 'Deploy the media nodes. `false`: signalling only, with media nodes of your own.'),
  mediaInstanceType: entry(instanceType, 'c7i.large', 'The EC2 type of a media node; x86-64.'),
  mediaMinNodes: entry(
    number(0, LIMIT_OF_NODES),
    1,
    'Media nodes that there are always. `0`: none while nobody calls; the first join then waits for about two minutes.',
  ),
  mediaMaxNodes: entry(number(1, LIMIT_OF_NODES), 4, 'Media nodes that there are at the most: the bound of the bill.'),
  mediaZones: entry(number(1, LIMIT_OF_ZONES), 2, 'Availability zones over which the media nodes are spread.'),
  mediaCapacity: entry(
    maybe(number(1, 100_000)),
    '',
    'WebRTC endpoints that a node carries at the most. Empty: 70 for each vCPU.',
  ),
  drainMinutes: entry(
    number(1, MINUTES_OF_A_DAY),
    30,
    'How long the rooms of a node that is to go may last there before they are moved to another.',
  ),
  turn: entry(flag, true, 'Run coturn on the media nodes, for clients whose network lets no UDP through.'),
  recordingsBucket: entry(
    maybe(text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket')),
    '',
    'The name of an S3 bucket of yours that media nodes may put recordings into. Empty: none.',
  ),
  web: entry(flag, true, 'Deploy the demo page (S3 and CloudFront).'),
});

export type SettingName = keyof typeof schema.entries;

type Entries = v.InferOutput<typeof schema>;

/** What every stack takes its part of. */
export interface Settings extends Readonly<Omit<Entries, 'emulated' | 'oidcIssuer' | 'oidcAudience'>> {
  readonly emulated: boolean;
  readonly oidc: OidcOptions | undefined;
}

/** The settings that a context has; what it has of others' (feature flags, the CLI's own) is not looked at. */
export function settingsOf(
  context: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = {},
): Settings {
  const unknown = Object.keys(context).filter((key) => isPlainKey(key) && !(key in schema.entries));
  const result = v.safeParse(schema, context);
  const problems = [
    ...unknown.map((key) => `context ${key}: there is no such setting`),
    ...(result.issues ?? []).map((issue) => problemOf(issue, context)),
    ...(result.success ? contradictionsOf(result.output) : []),
  ];
  if (!result.success || problems.length > 0) throw new SettingsError(problems.join('\n'));
  const { emulated, oidcIssuer: issuer, oidcAudience: audience, ...others } = result.output;
  return {
    ...others,
    emulated: emulated ?? Boolean(environment.AWS_ENDPOINT_URL),
    oidc: issuer === undefined ? undefined : { issuer, audience },
  };
}

/** Those of CDK and its CLI have a colon or an @ or hyphens in them. */
function isPlainKey(key: string): boolean {
  return /^[a-z][A-Za-z]*$/.test(key);
}

function problemOf(issue: v.BaseIssue<unknown>, context: Readonly<Record<string, unknown>>): string {
  const key = String(issue.path?.[0]?.key);
  return `context ${key}=${printed(context[key])}: expected ${messageOf(issue)}`;
}

function printed(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}

/** That of the part of a union which came nearest: the first says only that it is not empty. */
function messageOf(issue: v.BaseIssue<unknown>): string {
  const nearest = issue.issues?.at(-1);
  return issue.type === 'union' && issue.message.startsWith('Invalid') && nearest ? messageOf(nearest) : issue.message;
}

function contradictionsOf({ oidcIssuer, oidcAudience, mediaMinNodes, mediaMaxNodes }: Entries): string[] {
  return [
    // Without an audience a token that the provider made for somebody else would do.
    ...((oidcIssuer === undefined) === (oidcAudience === '')
      ? []
      : ['context oidcIssuer and oidcAudience go together']),
    ...(mediaMinNodes <= mediaMaxNodes
      ? []
      : [`context mediaMinNodes=${mediaMinNodes}: expected at the most mediaMaxNodes, ${mediaMaxNodes}`]),
  ];
}

/** The settings of nobody who has said anything. */
export const defaultSettings: Settings = settingsOf({});
