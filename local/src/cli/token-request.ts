import { parseArgs } from 'node:util';
import type { TokenOptions } from '@hyperroom/client/server';
import { Source, TokenRole } from '@hyperroom/protocol';
import * as v from 'valibot';
import { DEVELOPMENT_SECRET } from '../token.ts';

export const HELP = `Prints a token for a local stack (npm start): npm run token -- --user NAME --room ROOM [options]

  --user NAME       whose token it is: a name, or a user:// URL
  --name TEXT       what others see (default: the name given as --user)
  --room ROOM       the room it is good for; * stands for anything (default *)
  --no-create       may only join rooms that exist
  --publish LIST    what it may publish: microphone,camera,screen or some of them, or none (default: everything)
  --no-subscribe    receives nobody's media
  --no-data         may not send chat and application data
  --moderate        is a moderator
  --metadata K=V    of its participant; may be given several times
  --role ROLE       participant (default), server (for the HTTP API), or media-node
  --seconds N       how long it is good for (default 86400)
  --secret TEXT     the signing secret (default: the one of every local stack)
  --json            {"token","claims"} in place of the bare token
  --help            this text

Give it to the SDK as \`token\`, or add ?token=… to the signalling URL.
`;

export interface TokenRequest {
  readonly token: TokenOptions;
  /** Whether the claims are printed, too. */
  readonly json: boolean;
}

/** What a command line asks for; undefined if that is help. */
export function tokenRequestOf(args: readonly string[]): TokenRequest | undefined {
  const { values } = parseArgs({ args: [...args], allowNegative: true, options: OPTIONS });
  if (values.help) return undefined;
  if (!values.user) throw new Error(`--user is missing\n\n${HELP}`);
  const { room, create, subscribe, data, moderate, secret, json } = values;
  const publish = publishOf(values.publish);
  const metadata = metadataOf(values.metadata ?? []);
  const role = oneOf(TokenRole, '--role', values.role);
  const expiresIn = Number(values.seconds);
  const token = { ...userOf(values.user, values.name), room, create, publish, subscribe, data, moderate };
  return { token: { ...token, metadata, role, expiresIn, secret }, json };
}

const OPTIONS = {
  user: { type: 'string' },
  name: { type: 'string' },
  room: { type: 'string', default: '*' },
  create: { type: 'boolean', default: true },
  publish: { type: 'string' },
  subscribe: { type: 'boolean', default: true },
  data: { type: 'boolean', default: true },
  moderate: { type: 'boolean', default: false },
  metadata: { type: 'string', multiple: true },
  role: { type: 'string', default: 'participant' },
  seconds: { type: 'string', default: '86400' },
  secret: { type: 'string', default: DEVELOPMENT_SECRET },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function userOf(user: string, name: string | undefined): Pick<TokenOptions, 'user' | 'name'> {
  if (user.startsWith('user://')) return { user, ...(name !== undefined && { name }) };
  return { user: `user://localhost/${encodeURIComponent(user)}`, name: name ?? user };
}

function publishOf(list: string | undefined): boolean | Source[] {
  if (list === undefined) return true;
  if (list === 'none') return false;
  return list.split(',').map((source) => oneOf(Source, '--publish', source));
}

function metadataOf(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    if (value.length === 0) throw new Error(`--metadata takes KEY=VALUE, not ${pair}`);
    return [key, value.join('=')];
  });
  return Object.fromEntries(entries);
}

function oneOf<Word extends string>(words: v.PicklistSchema<readonly Word[], undefined>, option: string, word: string) {
  if (v.is(words, word)) return word;
  throw new Error(`${option} takes ${words.options.join(', ')}, not ${word}`);
}
