import {
  type CandidatePair,
  DtlsClient,
  ProtectionProfileAeadAes128Gcm,
  ProtectionProfileAes128CmHmacSha1_80,
  type RTCCertificate,
  RTCDtlsFingerprint,
  RTCDtlsParameters,
  RTCDtlsTransport,
  RTCIceGatherer,
  RTCIceParameters,
  RTCIceTransport,
} from 'werift';
import type { Description, MediaSection } from '../sdp/description.ts';
import type { GatheredCandidates, LocalTransport } from '../sdp/write.ts';
import { hostCandidate, reflexiveCandidate } from './candidates.ts';
import { ignoreRepeats, startAtOnce } from './handshake.ts';
import { LOOPBACK, outwardAddress } from './own-address.ts';

export type DtlsState = 'CONNECTING' | 'CONNECTED' | 'FAILED' | 'CLOSED';

export interface TransportObserver {
  /** The peer's first connectivity check has arrived. */
  checking(): void;
  candidateFound(line: string): void;
  gatheringDone(): void;
  pairSelected(local: string, remote: string): void;
  dtls(state: DtlsState): void;
}

export interface TransportOptions {
  readonly certificate: RTCCertificate;
  /** The only address that media uses. Undefined: a laptop's call stays on the loopback interface as far as its browsers go there. */
  readonly address: string | undefined;
  readonly portRange: readonly [number, number] | undefined;
}

/** What tells how to treat a peer. */
export type PeerKind = Pick<Description, 'isLibwebrtc' | 'isFirefox'>;

type Address = readonly [host: string, port: number];

/**
 * The one ICE and DTLS transport of an endpoint.
 *
 * It only answers connectivity checks (ICE-lite): the address is always reachable here, the browser
 * always checks, and nothing is lost on a peer that never sends its candidates. It therefore keeps no
 * consent either; as with Kurento, a vanished peer shows in its media and in its missing reports.
 */
export class Transport {
  readonly dtls: RTCDtlsTransport;
  private readonly ice: RTCIceTransport;
  private readonly gatherer: RTCIceGatherer;
  private readonly options: TransportOptions;
  private readonly observer: TransportObserver;
  /** Read when gathering begins. */
  private readonly addresses: [string];
  private readonly interfaces: { udp4: string };
  private readonly remoteCandidates = new Map<string, string>();
  private gathered: GatheredCandidates | undefined;
  private remoteKnown = false;
  private peerKeepsEarlyHello = false;
  private checked = false;
  private closed = false;

  constructor(options: TransportOptions, observer: TransportObserver) {
    this.options = options;
    this.observer = observer;
    this.addresses = [options.address ?? LOOPBACK];
    this.interfaces = { udp4: this.addresses[0] };
    this.gatherer = new RTCIceGatherer({
      iceLite: true,
      useIpv4: false, // werift's own gathering would add every interface of the machine
      useIpv6: false,
      additionalHostAddresses: this.addresses,
      interfaceAddresses: this.interfaces,
      ...(options.portRange ? { portRange: [...options.portRange] } : {}),
      filterStunResponse: (message, address) => {
        this.noteCheck(message.attributesKeys.includes('USE-CANDIDATE') ? address : undefined);
        return true;
      },
    });
    this.ice = new RTCIceTransport(this.gatherer);
    const profiles = [ProtectionProfileAeadAes128Gcm, ProtectionProfileAes128CmHmacSha1_80];
    this.dtls = new RTCDtlsTransport({}, this.ice, options.certificate, profiles);
    this.dtls.onStateChange.subscribe((state) => {
      if (this.closed) return;
      if (state === 'closed') observer.dtls('CLOSED');
      if (state === 'failed') observer.dtls('FAILED');
    });
  }

  get local(): LocalTransport {
    const { localUsername, localPassword } = this.ice.connection;
    const fingerprint = this.options.certificate.getFingerprints()[0]?.value ?? '';
    return { ufrag: localUsername, pwd: localPassword, fingerprint };
  }

  get candidates(): GatheredCandidates | undefined {
    return this.gathered;
  }

  async gather(): Promise<void> {
    await this.gatherer.gather();
    const candidate = this.gatherer.localCandidates[0];
    if (this.closed || !candidate) return;
    const line = hostCandidate(candidate.ip, candidate.port);
    this.gathered = { address: candidate.ip, port: candidate.port, lines: [line] };
    this.observer.candidateFound(line);
    this.observer.gatheringDone();
    this.startWhenReady();
  }

  setRemote({ iceUfrag, icePwd, fingerprint, setup }: MediaSection, { isLibwebrtc, isFirefox }: PeerKind): void {
    if (this.remoteKnown || !iceUfrag || !icePwd || !fingerprint) return;
    this.ice.setRemoteParams(new RTCIceParameters({ usernameFragment: iceUfrag, password: icePwd }));
    const { algorithm, value } = fingerprint;
    this.dtls.setRemoteParams(new RTCDtlsParameters([new RTCDtlsFingerprint(algorithm, value)], 'auto'));
    this.dtls.role = setup === 'active' ? 'server' : 'client';
    this.remoteKnown = true;
    this.peerKeepsEarlyHello = isLibwebrtc;
    // Firefox neither has candidates on the loopback interface nor checks those of others.
    if (isFirefox && !this.options.address) this.moveTo(outwardAddress());
    this.startWhenReady();
  }

  /** Candidates of the peer are not needed to connect; they name the selected pair. */
  addRemoteCandidate(address: Address, line: string): void {
    this.remoteCandidates.set(address.join(':'), line);
    if (this.gathered) this.noteCheck(undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.dtls.stop();
  }

  private moveTo(address: string): void {
    this.addresses[0] = address;
    this.interfaces.udp4 = address;
  }

  private startWhenReady(): void {
    if (!this.remoteKnown || !this.gathered || this.ice.state === 'closed') return;
    this.connect().catch((error: unknown) => {
      if (!this.closed) console.error('media transport failed', error);
    });
  }

  private async connect(): Promise<void> {
    await this.ice.start();
    const pair = this.ice.connection.nominated;
    if (this.closed || !pair) return;
    this.announce(pair);
    this.observer.dtls('CONNECTING');
    const handshake = this.dtls.start();
    const { dtls: client } = this.dtls;
    if (client instanceof DtlsClient) {
      ignoreRepeats(client);
      if (this.peerKeepsEarlyHello) startAtOnce(client);
    }
    await handshake;
    if (!this.closed) this.observer.dtls('CONNECTED');
  }

  private noteCheck(nominating: Address | undefined): void {
    if (!this.checked && !this.closed) {
      this.checked = true;
      this.observer.checking();
    }
    if (nominating) this.follow(nominating);
  }

  /** A browser may move to another of its candidates, and drops what still comes to the old one in the end. */
  private follow([host, port]: Address): void {
    const { connection } = this.ice;
    const current = connection.nominated?.remoteAddr;
    if (!current || (current[0] === host && current[1] === port)) return;
    const pair = connection.candidatePairs.find(({ remoteAddr }) => remoteAddr[0] === host && remoteAddr[1] === port);
    if (!pair) return; // its first check is still to be handled; the next one finds the pair
    connection.nominated = pair;
    this.announce(pair);
  }

  private announce({ remoteAddr }: CandidatePair): void {
    const local = this.gathered?.lines[0] ?? '';
    const remote = this.remoteCandidates.get(remoteAddr.join(':')) ?? reflexiveCandidate(remoteAddr);
    this.observer.pairSelected(local, remote);
  }
}
