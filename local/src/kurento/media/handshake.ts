import type { DtlsClient } from 'werift';

/**
 * Sends the first flight at once. werift holds it back for 100 ms, half of our whole join budget, for the sake
 * of peers that drop what comes before they are ready; those would ask for it again only after 500 ms.
 */
export function startAtOnce(client: DtlsClient): void {
  const started = client.connect();
  client.connect = () => started;
}

interface HandshakeReader<M> {
  onHandleHandshakes: (messages: M[]) => Promise<void>;
}

/**
 * Makes a client ignore handshake messages that it has had. A peer under load answers a repeated hello twice,
 * and werift gives the whole handshake up over that.
 */
export function ignoreRepeats<M extends { readonly message_seq: number }>(client: HandshakeReader<M>): void {
  const seen = new Set<number>();
  const handle = client.onHandleHandshakes;
  client.onHandleHandshakes = async (messages) => {
    const fresh = messages.filter((message) => !seen.has(message.message_seq));
    for (const message of fresh) seen.add(message.message_seq);
    if (fresh.length > 0) await handle(fresh);
  };
}
