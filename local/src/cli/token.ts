import { parseArgs } from 'node:util';
import { TokenClaims } from '@hyperroom/protocol';
import * as v from 'valibot';
import { DEVELOPMENT_SECRET, signToken } from '../token.ts';

const HELP = `Prints a token for a local stack (npm start): npm run token -- --user NAME --room ROOM [options]

  --user NAME     whose token it is: a name, or a user:// URL
  --room ROOM     the room it is good for; * stands for anything (default *)
  --no-create     may only join rooms that exist
  --no-publish    may only watch and listen
  --seconds N     how long it is good for (default 86400)
  --secret TEXT   the signing secret (default: the one of every local stack)
  --json          {"token","claims"} in place of the bare token
  --help          this text

Give it to the SDK as \`token\`, or add ?token=… to the signalling URL.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      user: { type: 'string' },
      room: { type: 'string', default: '*' },
      create: { type: 'boolean', default: true },
      publish: { type: 'boolean', default: true },
      seconds: { type: 'string', default: '86400' },
      secret: { type: 'string', default: DEVELOPMENT_SECRET },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!values.user) throw new Error(`--user is missing\n\n${HELP}`);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error('--seconds takes a whole number from 1');
  const isUrl = values.user.startsWith('user://');
  const claims = v.parse(TokenClaims, {
    sub: isUrl ? values.user : `user://localhost/${encodeURIComponent(values.user)}`,
    ...(!isUrl && { name: values.user }),
    grants: { room: values.room, create: values.create, publish: values.publish },
  });
  const token = await signToken(claims, values.secret, seconds);
  process.stdout.write(`${values.json ? JSON.stringify({ token, claims }) : token}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
