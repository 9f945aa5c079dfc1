import { synthSignalling, type Template } from '@hyperroom/infra';
import { type AwsEmulator, startAwsEmulator } from '@hyperroom/local/aws';
import { signToken } from '@hyperroom/local/token';
import { TokenClaims } from '@hyperroom/protocol';
import * as v from 'valibot';
import WebSocket from 'ws';
import { at, DOMAIN, MediaNode, Peer, type TokenInput } from '../signalling/signalling.ts';

/* The whole stack with its HTTP API, a webhook and an OpenID provider; clients and media node are played by the tests. */

export const SECRET = 'the secret of this test';

export interface SceneOptions {
  /** Where what happens in rooms is posted to. Default: where nobody listens. */
  readonly webhook?: string;
  readonly oidc?: { readonly issuer: string; readonly audience: string };
}

export interface Scene {
  readonly emulator: AwsEmulator;
  readonly template: Template;
  client(token?: string): Promise<Peer>;
  mediaNode(): Promise<MediaNode>;
  close(): Promise<void>;
}

// They are told when the stack starts: with the real ones each port would be synthesised anew.
const PLACEHOLDER = 'http://told-at-start.invalid/';

export async function startScene({ webhook, oidc }: SceneOptions = {}): Promise<Scene> {
  const { template, assets } = await synthSignalling({
    domain: DOMAIN,
    allowAnonymous: true,
    ...(webhook && { webhookUrl: PLACEHOLDER }),
    ...(oidc && { oidc: { issuer: PLACEHOLDER, audience: PLACEHOLDER } }),
  });
  const emulator = await startAwsEmulator({
    template,
    assets,
    secretValue: SECRET,
    environment: {
      ...(webhook && { WEBHOOK_URL: webhook }),
      ...(oidc && { OIDC_ISSUER: oidc.issuer, OIDC_AUDIENCE: oidc.audience }),
    },
    limits: { asyncRetryMs: 20 },
    log: (name, line) => {
      if (line.includes('"level":"error"')) console.error(name, line);
    },
  });
  const peers: Peer[] = [];

  async function client(token?: string): Promise<Peer> {
    const peer = new Peer(new WebSocket(emulator.signallingUrl + (token ? `?token=${token}` : '')));
    await peer.opened();
    peers.push(peer);
    return peer;
  }

  return {
    emulator,
    template,
    client,
    async mediaNode() {
      const peer = await client(await aToken({ sub: `user://${DOMAIN}/media-1`, role: 'media-node' }));
      const node = new MediaNode(peer, at.hyperty('media-1'), emulator);
      await node.announce({ instance: 'media-1', capacity: 100, load: 0 });
      return node;
    },
    async close() {
      for (const peer of peers) peer.socket.terminate();
      await emulator.close();
    },
  };
}

export function aToken(claims: TokenInput, seconds = 600): Promise<string> {
  return signToken(v.parse(TokenClaims, claims), SECRET, seconds);
}

/** A back end's; it may do everything unless its grants say otherwise. */
export function aServerToken(grants: object = {}, seconds = 600): Promise<string> {
  const all = { room: '*', create: true, moderate: true, ...grants };
  return aToken({ sub: `user://${DOMAIN}/back-end`, role: 'server', grants: all }, seconds);
}
