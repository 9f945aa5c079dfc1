import { httpApi } from '../api/api.ts';
import type { HttpEvent, HttpResult } from '../api/http.ts';
import { inviting } from '../api/invitations.ts';
import { setting } from '../environment.ts';
import type { InvocationContext } from '../gateway-events.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { secretReader } from '../secret.ts';
import { verifierOfSettings } from '../tokens/verifier.ts';
import { inInvocation } from './result.ts';

const secret = secretReader('TOKEN_SECRET_ARN');
const answer = httpApi({
  backend: assemble(portsOfStack()).backend,
  verify: verifierOfSettings(secret),
  invite: inviting({
    domain: setting('DOMAIN'),
    signallingUrl: setting('SIGNALLING_URL'),
    secret: secret.value,
    clock: Date.now,
  }),
});

export function handler(event: HttpEvent, context?: InvocationContext): Promise<HttpResult> {
  return inInvocation(context, () => answer(event));
}
