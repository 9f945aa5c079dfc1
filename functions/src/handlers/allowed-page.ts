import { allowedOrigins } from '../environment.ts';
import type { ConnectEvent } from '../gateway-events.ts';
import { headerOf } from '../header.ts';
import { log } from '../log.ts';

/** Browsers say which page it is, and pages cannot prevent it. Media nodes and servers say nothing: their token decides. */
export function comesFromAllowedPage(event: ConnectEvent): boolean {
  const origin = headerOf(event.headers, 'origin');
  const isAllowed = origin === undefined || (allowedOrigins()?.includes(origin) ?? true);
  if (!isAllowed) log('info', { at: 'connect', denied: 'a page of another origin', origin });
  return isAllowed;
}
