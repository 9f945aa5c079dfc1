import { type ConnectOptions, Hyperroom } from '@hyperroom/client';
import { Syncher } from '@hyperroom/client/syncher';
import WebSocket from 'ws';
import { RegisteredHyperty } from '../../../../client/src/registered-hyperty.ts';

export interface Client {
  readonly hyperty: RegisteredHyperty;
  readonly syncher: Syncher;
}

/** A client of the SDK, outside a browser: `ws` gives it the browser's WebSocket. */
export async function connect(
  url: string,
  domain: string,
  options: ConnectOptions = {},
  token?: string,
): Promise<Client> {
  const hyperroom = new Hyperroom({
    url,
    domain,
    ...(token !== undefined && { token }),
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  const hyperty = await hyperroom.connect(options);
  // What it is behind its public face, for tests to look at its messages.
  if (!(hyperty instanceof RegisteredHyperty)) throw new Error('a hyperty of the SDK is registered');
  return { hyperty, syncher: new Syncher(hyperty) };
}
