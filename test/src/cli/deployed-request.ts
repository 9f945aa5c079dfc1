import { parseArgs } from 'node:util';

export const HELP = `Tries whatever was deployed, by its URLs alone: npm run test:deployed -- --url wss://… [options]

  --url URL         the signalling WebSocket, ws://… or wss://…
  --domain NAME     the reTHINK domain that it serves (default localhost)
  --secret TEXT     the signing secret, of which tokens are made; or
  --token TOKEN     a participant's token for any room, twice: of two users. Neither: everybody may come without one
  --management URL  its @connections endpoint: tried with the AWS credentials of the environment
  --page URL        its call page (default: one served here, whose origin must be allowed)
  --no-conformance  leaves the suite of the protocol out
  --no-call         leaves the call out: that wants a browser, and a media node for more than its refusal
  --help            this text

Exit code 0: all as it should be. 1: not so. 2: these options make no sense.
`;

export interface DeployedRequest {
  readonly url: string;
  readonly domain: string;
  readonly secret: string | undefined;
  readonly tokens: readonly string[];
  readonly management: string | undefined;
  readonly page: string | undefined;
  readonly conformance: boolean;
  readonly call: boolean;
}

const OPTIONS = {
  url: { type: 'string' },
  domain: { type: 'string', default: 'localhost' },
  secret: { type: 'string' },
  token: { type: 'string', multiple: true },
  management: { type: 'string' },
  page: { type: 'string' },
  conformance: { type: 'boolean', default: true },
  call: { type: 'boolean', default: true },
  help: { type: 'boolean', default: false },
} as const;

/** What a command line asks for; undefined if that is help. */
export function deployedRequestOf(args: readonly string[]): DeployedRequest | undefined {
  const { values } = parseArgs({ args: [...args], allowNegative: true, options: OPTIONS });
  if (values.help) return undefined;
  const { url, domain, secret, token: tokens = [], management, page, conformance, call } = values;
  if (!url || !/^wss?:\/\//.test(url)) throw new RangeError('--url takes the ws:// or wss:// of a deployment');
  if (tokens.length > 0 && secret !== undefined) throw new RangeError('--secret and --token: one of them will do');
  if (tokens.length === 1) throw new RangeError('--token is given twice: half of it is about somebody else');
  for (const [option, text] of Object.entries({ management, page })) {
    if (text !== undefined && !/^https?:\/\//.test(text)) throw new RangeError(`--${option} takes an http(s):// URL`);
  }
  return { url, domain, secret, tokens, management, page, conformance, call };
}
