import { BrowserPeer } from './browser-peer.ts';
import type { ReplayHooks } from './replay.ts';
import { isObject, type JsonObject, type RecordedEvent } from './trace.ts';

/** Puts live peers where a recording had a browser's pages: one for each endpoint that is offered something. */
export class LivePages implements ReplayHooks {
  readonly patienceMs: number;
  readonly peers = new Map<string, BrowserPeer>();
  private readonly answers = new Map<string, string>();
  private readonly notes: (text: string) => Promise<void>;

  constructor(notes: (text: string, pages: LivePages) => Promise<void> = async () => {}, patienceMs = 10_000) {
    this.patienceMs = patienceMs;
    this.notes = (text) => notes(text, this);
  }

  async adapt(frame: JsonObject): Promise<JsonObject> {
    const { params } = frame;
    if (!isObject(params) || !isObject(params.operationParams)) return frame;
    const { operationParams, object, operation } = params;
    if (operation === 'processOffer' && String(operationParams.offer).startsWith('v=0')) {
      const role = /^a=recvonly/m.test(String(operationParams.offer)) ? 'subscriber' : 'publisher';
      const peer = new BrowserPeer(role);
      this.peers.set(String(object), peer);
      return { ...frame, params: { ...params, operationParams: { offer: await peer.offer() } } };
    }
    const { candidate } = operationParams;
    if (operation !== 'addIceCandidate' || !isObject(candidate)) return frame;
    const live = { ...candidate, candidate: this.peers.get(String(object))?.candidate ?? '' };
    return { ...frame, params: { ...params, operationParams: { candidate: live } } };
  }

  async replied(request: JsonObject, reply: JsonObject): Promise<void> {
    const { params } = request;
    if (!isObject(params) || params.operation !== 'processOffer' || !isObject(reply.result)) return;
    this.answers.set(String(params.object), String(reply.result.value));
  }

  note(text: string): Promise<void> {
    return this.notes(text);
  }

  /** Lets a page have its answer, once the endpoint's candidate is known. */
  event({ object, type, data }: RecordedEvent): void {
    const answer = this.answers.get(object);
    if (answer === undefined || type !== 'IceCandidateFound' || !isObject(data.candidate)) return;
    this.answers.delete(object);
    void this.peers.get(object)?.accept(`${answer}a=${data.candidate.candidate}\r\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.peers.values()].map((peer) => peer.close()));
  }
}
