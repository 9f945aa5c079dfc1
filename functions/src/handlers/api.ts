import { httpApi } from '../api/api.ts';
import type { HttpEvent, HttpResult } from '../api/http.ts';
import { inviting } from '../api/invitations.ts';
import { setting } from '../environment.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { secretReader } from '../secret.ts';
import { verifierOfSettings } from '../tokens/verifier.ts';

const secret = secretReader('TOKEN_SECRET_ARN');
const answer = httpApi({
  backend: assemble(portsOfStack()).backend,
  verify: verifierOfSettings(secret),
  invite: inviting({
    domain: setting('DOMAIN'),
    signallingUrl: setting('SIGNALLING_URL'),
    secret,
    clock: Date.now,
  }),
});

export function handler(event: HttpEvent): Promise<HttpResult> {
  return answer(event);
}
