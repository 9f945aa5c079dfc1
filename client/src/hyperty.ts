import type { Emits } from './emitter.ts';

/** What the registry says of a hyperty. */
export interface HypertyDescription {
  /** Its address. Default: a new one, `hyperty://<domain>/<uuid>`. */
  url?: string;
  /** The descriptor that it is an instance of. Default `hyperty`. */
  descriptor?: string;
  /** What it can do, for others' searches: `audio`, `chat`, … Default: nothing. */
  resources?: readonly string[];
  /** The schemes of the data objects that it deals in: `comm`, `connection`, … Default: none. */
  dataSchemes?: readonly string[];
  /** Stays in the registry as disconnected when its socket is gone, instead of being forgotten. Default false. */
  lasting?: boolean;
}

/** Events of a hyperty, with the arguments of their listeners. */
export interface HypertyEvents {
  /** Its socket is lost, or does not answer: another one is on its way. */
  reconnecting: [];
  /** It is registered again, and what it had asked of its domain is asked again. */
  reconnected: [];
  /** Its last event. `connection-lost`: its domain does not take it back, which `error` says more of; what it reported and observed ends with it. */
  closed: [reason: 'closed' | 'connection-lost', error?: unknown];
}

/**
 * A hyperty of this page: registered with a domain, and reachable through a socket of its own. `Hyperroom.connect` makes one; it ends
 * with its event `closed`.
 */
export interface Hyperty extends Emits<HypertyEvents>, AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** Unregisters and closes the socket; so does the end of `await using`. Resolves when the server has taken note, within 2 seconds; rejects never. */
  close(): Promise<void>;
}
