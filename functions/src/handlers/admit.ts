import { setting } from '../environment.ts';
import type { ConnectEvent, InvocationContext, Result } from '../gateway-events.ts';
import { log } from '../log.ts';
import { secretReader } from '../secret.ts';
import { connectionStore } from '../store/connections.ts';
import { openTable } from '../store/table.ts';
import { admission } from '../tokens/admission.ts';
import { verifierOfSettings } from '../tokens/verifier.ts';
import { comesFromAllowedPage } from './allowed-page.ts';
import { inInvocation, withoutThrowing } from './result.ts';

const judge = admission(verifierOfSettings(secretReader('TOKEN_SECRET_ARN')));
const connections = connectionStore(openTable(setting('TABLE_NAME')));

/** `$connect` in place of connect.ts, for emulators: where no authorizer was asked it does its work, and keeps what it has found out. */
export function handler(event: ConnectEvent, context?: InvocationContext): Promise<Result> {
  const answer = async () => ({ statusCode: (await admit(event)) ? 200 : 403 });
  return inInvocation(context, () => withoutThrowing(answer), event.requestContext.connectionId);
}

async function admit(event: ConnectEvent): Promise<boolean> {
  if (!comesFromAllowedPage(event)) return false;
  const { requestContext, queryStringParameters } = event;
  if (requestContext.authorizer) return true;
  const verdict = await judge(queryStringParameters?.token);
  if ('denied' in verdict) {
    log('info', { at: 'connect', denied: verdict.denied });
    return false;
  }
  await connections.put({ ...requestContext, authorizer: verdict.admitted });
  return true;
}
