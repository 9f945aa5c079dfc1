import { mintToken } from '@hyperroom/client/server';
import { decodeJwt } from 'jose';
import { HELP, tokenRequestOf } from './token-request.ts';

async function main(): Promise<void> {
  const request = tokenRequestOf(process.argv.slice(2));
  if (!request) {
    process.stdout.write(HELP);
    return;
  }
  const token = await mintToken(request.token);
  process.stdout.write(`${request.json ? JSON.stringify({ token, claims: decodeJwt(token) }) : token}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
