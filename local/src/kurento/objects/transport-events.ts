import type { DtlsState } from '../media/transport.ts';
import type { Json, JsonObject } from '../rpc/json.ts';
import type { SectionName } from './negotiation.ts';

type IceState = 'DISCONNECTED' | 'GATHERING' | 'CONNECTING' | 'CONNECTED' | 'READY' | 'FAILED';

/** Tells of an endpoint's transport in Kurento's events, in the order in which Kurento sends them. */
export class TransportEvents {
  private readonly connectionId: string;
  private readonly emit: (type: string, data: JsonObject) => void;
  private iceState: IceState = 'DISCONNECTED';
  private pair: JsonObject | undefined;
  private hasConnected = false;

  constructor(endpointNumber: number, emit: (type: string, data: JsonObject) => void) {
    this.connectionId = `dtlssrtpenc${endpointNumber}-dtlssrtpdec${endpointNumber}-1-1`;
    this.emit = emit;
  }

  /** Kurento never takes a connection for lost: what has once connected stays so. */
  get connected(): boolean {
    return this.hasConnected;
  }

  /** False if gathering has been asked for before: it happens once. */
  gathering(): boolean {
    if (this.iceState !== 'DISCONNECTED') return false;
    this.iceChanged('GATHERING');
    this.emit('IceComponentStateChanged', { componentId: 2, state: 'GATHERING', streamId: 1 });
    return true;
  }

  candidateFound(candidate: string, sections: readonly SectionName[]): void {
    for (const { mid, index } of sections) {
      const about = { __module__: 'kurento', __type__: 'IceCandidate' };
      this.emit('IceCandidateFound', { candidate: { ...about, candidate, sdpMLineIndex: index, sdpMid: mid } });
    }
  }

  checking(): void {
    this.iceChanged('CONNECTING');
  }

  pairSelected(localCandidate: string, remoteCandidate: string): void {
    const about = { __module__: 'kurento', __type__: 'IceCandidatePair', componentId: 1, streamId: '1' };
    this.pair = { ...about, localCandidate, remoteCandidate };
    this.emit('NewCandidatePairSelected', { candidatePair: this.pair });
  }

  dtls(state: DtlsState): void {
    if (state === 'CONNECTING') {
      this.iceChanged('CONNECTED');
      this.dtlsChanged('enc', 'NEW');
      this.dtlsChanged('dec', state);
      this.dtlsChanged('enc', state);
      this.iceChanged('READY');
      return;
    }
    if (state === 'CONNECTED') {
      this.hasConnected = true;
      this.emit('ConnectionStateChanged', { newState: 'CONNECTED', oldState: 'DISCONNECTED' });
    }
    this.dtlsChanged('dec', state);
    this.dtlsChanged('enc', state);
  }

  iceConnections(): Json {
    const connection = { __module__: 'kurento', __type__: 'IceConnection', streamId: '1' };
    if (this.iceState === 'DISCONNECTED') return [];
    return [
      { ...connection, componentId: 1, state: this.iceState },
      { ...connection, componentId: 2, state: 'GATHERING' },
    ];
  }

  candidatePairs(): Json {
    return this.pair ? [this.pair] : [];
  }

  private iceChanged(state: IceState): void {
    this.iceState = state;
    this.emit('IceComponentStateChanged', { componentId: 1, state, streamId: 1 });
  }

  private dtlsChanged(side: 'enc' | 'dec', state: DtlsState | 'NEW'): void {
    const about = { componentId: `[bundle/dtlssrtp${side}]`, connectionId: this.connectionId, streamId: '1' };
    this.emit('DtlsConnectionStateChange', { ...about, state });
  }
}
