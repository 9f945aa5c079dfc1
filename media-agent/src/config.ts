import { readFile } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import type { DrainTimings } from './drain.ts';
import { secretReader, signNodeToken } from './node-token.ts';
import type { AutoScalingOptions } from './terminations.ts';

export interface AgentConfig {
  /** The WebSocket API. */
  signallingUrl: string;
  /** The @connections endpoint of its stage. */
  managementEndpoint: string;
  region: string;
  domain: string;
  nodeId: string;
  token: () => Promise<string>;
  kurentoUrl: string;
  /** Endpoints this node carries at the most. */
  capacity: number;
  /** On 127.0.0.1; 0 takes any free one. */
  healthPort: number;
  /** Where its state is kept, so that the next process goes on with the calls of this one; null: nowhere. */
  stateFile: string | null;
  /** The TURN server for participants without a direct way to the media; null: there is none. */
  turn: { urls: string[]; secret: () => Promise<string> } | null;
  drain: Pick<DrainTimings, 'finishMs' | 'limitMs'>;
  /** The Auto Scaling group whose hook waits for this node when its instance is to go; null: it is in none. */
  autoScaling: Pick<AutoScalingOptions, 'group' | 'hook' | 'metadataEndpoint' | 'intervalMs'> | null;
}

/** Settings that cannot be used; the message has a line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad-config';
}

/** What published load tests of Kurento carried on a core, at 540p30. */
const ENDPOINTS_PER_CORE = 70;

interface Setting {
  env: string;
  flag: string;
  help: string;
  default?: string;
}

const SETTINGS: readonly Setting[] = [
  { env: 'SIGNALLING_URL', flag: 'signalling-url', help: 'the WebSocket API, ws(s)://…' },
  {
    env: 'MANAGEMENT_ENDPOINT',
    flag: 'management-endpoint',
    help: "the @connections endpoint of that API's stage, http(s)://…",
  },
  { env: 'DOMAIN', flag: 'domain', help: 'the reTHINK domain that the API serves' },
  { env: 'TOKEN', flag: 'token', help: 'a JWT of role media-node', default: '' },
  { env: 'TOKEN_FILE', flag: 'token-file', help: 'or a file with that JWT, read for each connection', default: '' },
  {
    env: 'NODE_SECRET_ARN',
    flag: 'node-secret-arn',
    help: 'or the secret of the media nodes, in Secrets Manager: the agent then signs its tokens itself',
    default: '',
  },
  { env: 'NODE_SECRET', flag: 'node-secret', help: 'or that secret itself', default: '' },
  { env: 'NODE_ID', flag: 'node-id', help: 'what tells this node from others', default: hostname() },
  {
    env: 'KURENTO_URL',
    flag: 'kurento-url',
    help: 'Kurento, beside this process',
    default: 'ws://127.0.0.1:8888/kurento',
  },
  {
    env: 'CAPACITY',
    flag: 'capacity',
    help: 'endpoints that it carries at the most',
    default: String(ENDPOINTS_PER_CORE * availableParallelism()),
  },
  { env: 'HEALTH_PORT', flag: 'health-port', help: 'GET /healthz on 127.0.0.1; 0 = any free port', default: '0' },
  {
    env: 'STATE_FILE',
    flag: 'state-file',
    help: 'where its state is kept: a new process then goes on with the calls of the one before',
    default: '',
  },
  {
    env: 'TURN_URLS',
    flag: 'turn-urls',
    help: 'turn:… and turns:… URLs of one TURN server, separated by commas',
    default: '',
  },
  { env: 'TURN_SECRET', flag: 'turn-secret', help: 'the secret shared with it (or TURN_SECRET_FILE)', default: '' },
  {
    env: 'TURN_SECRET_FILE',
    flag: 'turn-secret-file',
    help: 'a file with that secret, read at the start',
    default: '',
  },
  {
    env: 'DRAIN_SECONDS',
    flag: 'drain-seconds',
    help: 'how long rooms may go on before they are moved, once this node is to go',
    default: '1800',
  },
  {
    env: 'DRAIN_LIMIT_SECONDS',
    flag: 'drain-limit-seconds',
    help: 'after how long it goes with whatever no other node has had place for',
    default: '3600',
  },
  {
    env: 'AUTO_SCALING_GROUP',
    flag: 'auto-scaling-group',
    help: 'the group of this EC2 instance: it drains when that terminates it',
    default: '',
  },
  {
    env: 'AUTO_SCALING_HOOK',
    flag: 'auto-scaling-hook',
    help: 'the lifecycle hook of that group that waits until it has drained',
    default: '',
  },
  {
    env: 'AWS_EC2_METADATA_SERVICE_ENDPOINT',
    flag: 'metadata-endpoint',
    help: 'where an EC2 instance asks about itself',
    default: 'http://169.254.169.254',
  },
  { env: 'AWS_REGION', flag: 'region', help: 'the region that requests are signed for' },
];

export const HELP = `Runs beside a Kurento Media Server and carries out what the conference decides.

Settings, as flags or in the environment:
${SETTINGS.map((setting) => `  --${setting.flag.padEnd(20)} ${setting.env.padEnd(20)} ${helpOf(setting)}`).join('\n')}
AWS credentials come from where the AWS SDK finds them (environment, profile, instance role).

Prints one line of JSON on stdout when it is registered; logs, as lines of JSON, go to stderr.
`;

function helpOf({ help, default: fallback }: Setting): string {
  if (fallback === undefined) return `${help} (required)`;
  return fallback === '' ? help : `${help} (${fallback})`;
}

const url = (protocols: readonly string[]) =>
  v.pipe(
    v.string(),
    v.check(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    ),
  );

const number = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d+$/, message),
    v.transform(Number),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
};

/** In seconds. A lifecycle hook waits for two at the most. */
const A_DAY = 86_400;

const Settings = v.object({
  SIGNALLING_URL: url(['ws:', 'wss:']),
  MANAGEMENT_ENDPOINT: url(['http:', 'https:']),
  DOMAIN: v.pipe(v.string(), v.regex(/^[^\s/]+$/, 'must be a domain name')),
  TOKEN: v.string(),
  TOKEN_FILE: v.string(),
  NODE_SECRET_ARN: v.string(),
  NODE_SECRET: v.string(),
  NODE_ID: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must have 1 to 64 letters, digits or . _ -')),
  KURENTO_URL: url(['ws:', 'wss:']),
  CAPACITY: number(1, 100_000),
  HEALTH_PORT: number(0, 65_535),
  STATE_FILE: v.string(),
  TURN_URLS: v.pipe(
    v.string(),
    v.regex(
      /^(turns?:[^\s,]+(,turns?:[^\s,]+)*)?$/,
      'must be URLs that start with turn: or turns:, separated by commas',
    ),
  ),
  TURN_SECRET: v.string(),
  TURN_SECRET_FILE: v.string(),
  DRAIN_SECONDS: number(0, A_DAY),
  DRAIN_LIMIT_SECONDS: number(1, 2 * A_DAY),
  AUTO_SCALING_GROUP: v.string(),
  AUTO_SCALING_HOOK: v.string(),
  AWS_EC2_METADATA_SERVICE_ENDPOINT: url(['http:']),
  AWS_REGION: v.pipe(v.string(), v.nonEmpty('must be the region of the API')),
});

/** Reads flags and environment (flags win). Returns 'help' where that is asked for. */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): AgentConfig | 'help' {
  const flags = parseFlags(args);
  if (flags.help) return 'help';
  const given = SETTINGS.map(
    (setting) => [setting, flags[setting.flag] ?? env[setting.env] ?? setting.default] as const,
  );
  const missing = given.filter(([, value]) => value === undefined).map(([setting]) => setting);
  if (missing.length > 0) throw new ConfigError(missing.map(explainMissing).join('\n'));

  const parsed = v.safeParse(Settings, Object.fromEntries(given.map(([{ env }, value]) => [env, value])));
  if (!parsed.success) {
    throw new ConfigError(parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`).join('\n'));
  }
  return configOf(parsed.output);
}

function parseFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(SETTINGS.map(({ flag }) => [flag, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : error}; --help lists the settings`);
  }
}

function explainMissing({ env, flag, help }: Setting): string {
  return `${env} is missing: set it, or pass --${flag}: ${help}`;
}

function configOf(settings: v.InferOutput<typeof Settings>): AgentConfig {
  return {
    signallingUrl: settings.SIGNALLING_URL,
    managementEndpoint: settings.MANAGEMENT_ENDPOINT,
    region: settings.AWS_REGION,
    domain: settings.DOMAIN,
    nodeId: settings.NODE_ID,
    token: tokenOf(settings),
    kurentoUrl: settings.KURENTO_URL,
    capacity: settings.CAPACITY,
    healthPort: settings.HEALTH_PORT,
    stateFile: settings.STATE_FILE || null,
    turn: turnOf(settings),
    drain: { finishMs: settings.DRAIN_SECONDS * 1000, limitMs: settings.DRAIN_LIMIT_SECONDS * 1000 },
    autoScaling: autoScalingOf(settings),
  };
}

function tokenOf(settings: v.InferOutput<typeof Settings>): () => Promise<string> {
  const { TOKEN, TOKEN_FILE, NODE_SECRET_ARN, NODE_SECRET, DOMAIN, NODE_ID, AWS_REGION } = settings;
  const token = givenOrRead(TOKEN, TOKEN_FILE);
  if (token) return token;
  if (!NODE_SECRET_ARN && !NODE_SECRET) {
    throw new ConfigError(
      'TOKEN, TOKEN_FILE, NODE_SECRET_ARN or NODE_SECRET is missing: a media node needs a JWT of role media-node, or what to sign its own with',
    );
  }
  const secret = NODE_SECRET ? async () => NODE_SECRET : secretReader(NODE_SECRET_ARN, AWS_REGION);
  return async () => signNodeToken({ domain: DOMAIN, nodeId: NODE_ID }, await secret());
}

function autoScalingOf(settings: v.InferOutput<typeof Settings>): AgentConfig['autoScaling'] {
  const { AUTO_SCALING_GROUP: group, AUTO_SCALING_HOOK: hook } = settings;
  if (!group && !hook) return null;
  if (group && hook) return { group, hook, metadataEndpoint: settings.AWS_EC2_METADATA_SERVICE_ENDPOINT };
  throw new ConfigError('AUTO_SCALING_GROUP and AUTO_SCALING_HOOK are of use only together');
}

function turnOf({ TURN_URLS, TURN_SECRET, TURN_SECRET_FILE }: v.InferOutput<typeof Settings>): AgentConfig['turn'] {
  if (!TURN_URLS) return null;
  const secret = givenOrRead(TURN_SECRET, TURN_SECRET_FILE);
  if (secret) return { urls: TURN_URLS.split(','), secret };
  throw new ConfigError('TURN_SECRET or TURN_SECRET_FILE is missing: TURN_URLS are of no use without it');
}

/** What a setting says, or the file that another one names; undefined: neither is given. */
function givenOrRead(value: string, file: string): (() => Promise<string>) | undefined {
  if (file) return async () => (await readFile(file, 'utf8')).trim();
  return value ? async () => value : undefined;
}
