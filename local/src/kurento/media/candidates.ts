/** Candidate lines in Kurento's notation, with the priorities that libnice gives them. */
export function hostCandidate(host: string, port: number): string {
  return `candidate:1 1 UDP 2015364095 ${host} ${port} typ host`;
}

/** How Kurento names a peer's address that it has learnt from a connectivity check. */
export function reflexiveCandidate([host, port]: readonly [host: string, port: number]): string {
  return `candidate:remote1 1 UDP 1853628159 ${host} ${port} typ prflx`;
}

export interface RemoteCandidate {
  readonly address: readonly [host: string, port: number];
  /** Without the browser's extensions, as Kurento reports it. */
  readonly line: string;
}

/** Undefined for what cannot be used here: garbage, TCP, mDNS names. Kurento accepts those silently too. */
export function parseCandidate(text: string): RemoteCandidate | undefined {
  const [foundation, component, transport, priority, host, port, typ, type] = text.replace(/^a=/, '').split(' ');
  if (!foundation?.startsWith('candidate:') || typ !== 'typ' || !type) return undefined;
  if (transport?.toLowerCase() !== 'udp' || !host || host.endsWith('.local') || !/^\d+$/.test(port ?? '')) {
    return undefined;
  }
  const line = `${foundation} ${component} UDP ${priority} ${host} ${port} typ ${type}`;
  return { address: [host, Number(port)], line };
}
