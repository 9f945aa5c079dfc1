/* What a page can ask of a TURN server, without an SDK in between (`hyperroomRelay` in a test's page). */

/** A connection that goes by the relay or not at all. */
function relayed(iceServers: RTCIceServer[]): RTCPeerConnection {
  const pc = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  pc.createDataChannel('any');
  return pc;
}

/** The types of the candidates that a page finds. */
async function candidates(configuration: RTCConfiguration): Promise<string[]> {
  const pc = new RTCPeerConnection(configuration);
  pc.createDataChannel('any');
  await gather(pc);
  const types = [...(pc.localDescription?.sdp ?? '').matchAll(/^a=candidate:.* typ (\w+)/gm)].map(
    ([, type = '']) => type,
  );
  pc.close();
  return types;
}

/** Tries to reach these addresses through the relay. */
async function reach(iceServers: RTCIceServer[], addresses: readonly string[]): Promise<void> {
  const [here, there] = [relayed(iceServers), new RTCPeerConnection()];
  await gather(here);
  await there.setRemoteDescription(here.localDescription as RTCSessionDescription);
  const answer = await there.createAnswer();
  await here.setRemoteDescription({ type: 'answer', sdp: answer.sdp?.replace(/^a=candidate:.*\r\n/gm, '') ?? '' });
  for (const [index, address] of addresses.entries()) {
    const candidate = `candidate:${index} 1 udp ${1_000_000 - index} ${address} 8888 typ host`;
    await here.addIceCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0 });
  }
}

/** Has media servers announce an address that is not the one they have, as Kurento does behind a public one. */
function announce(own: string, announced: string): void {
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    override setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ type, sdp: sdp.replaceAll(own, announced) });
    }
  };
}

async function gather(pc: RTCPeerConnection): Promise<void> {
  const complete = new Promise<void>((resolve) => {
    pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve();
  });
  await pc.setLocalDescription();
  await complete;
}

Object.assign(globalThis, { hyperroomRelay: { announce, candidates, reach } });
