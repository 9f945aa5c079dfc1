import { parseArgs } from 'node:util';

export const HELP = `Deploys the signalling stack to an emulator of AWS on this machine: npm run deploy:local [-- options]

  --endpoint URL    the emulator (default: AWS_ENDPOINT_URL, or http://127.0.0.1:4566)
  --region NAME     the region to deploy to there (default us-east-1)
  --domain NAME     the reTHINK domain (default localhost)
  --kurento URL     a Kurento Media Server, ws://host:8888/kurento (default: the embedded media engine)
  --url URL         the WebSocket API, ws://… (default: what the emulator says, or a place where it answers)
  --management URL  its @connections endpoint, http://… (default: where it answers)
  --port N          port of the call page (default 8080; 0: a free one)
  --json            one line of JSON on stdout once ready: {"demo","signalling","management"}
  --verbose         what the CDK, the agent and the engine have to say, on stderr
  --help            this text

No account is needed and none can be touched: only an address of this machine is deployed to, with dummy credentials; profiles, ~/.aws,
session tokens and instance roles are not looked at.
`;

export interface DeployRequest {
  readonly endpoint: string;
  readonly region: string;
  readonly domain: string;
  readonly kurento: string | undefined;
  readonly url: string | undefined;
  readonly management: string | undefined;
  readonly port: number;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What a command line asks for; undefined if that is help. */
export function deployRequestOf(args: readonly string[], env: NodeJS.ProcessEnv): DeployRequest | undefined {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { help, endpoint, kurento, url, management, ...others } = values;
  if (help) return undefined;
  return {
    ...others,
    endpoint: endpoint ?? env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566',
    kurento: urlOf('--kurento', kurento, 'ws'),
    url: urlOf('--url', url, 'ws'),
    management: urlOf('--management', management, 'http'),
    port: portOf(values.port),
  };
}

const OPTIONS = {
  endpoint: { type: 'string' },
  region: { type: 'string', default: 'us-east-1' },
  domain: { type: 'string', default: 'localhost' },
  kurento: { type: 'string' },
  url: { type: 'string' },
  management: { type: 'string' },
  port: { type: 'string', default: '8080' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function urlOf(option: string, text: string | undefined, scheme: 'ws' | 'http'): string | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && new RegExp(`^${scheme}s?://`).test(text)) return text.replace(/\/$/, '');
  throw new RangeError(`${option} takes a URL that begins with ${scheme}://, not '${text}'`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new RangeError(`--port takes 0 to 65535, not '${text}'`);
}
