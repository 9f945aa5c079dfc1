import { type ConnectOptions, Hyperroom, type Hyperty } from '@hyperroom/client';
import { Syncher } from '@hyperroom/client/syncher';
import WebSocket from 'ws';

export interface Client {
  readonly hyperty: Hyperty;
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
  return { hyperty, syncher: new Syncher(hyperty) };
}
