import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RpcClient } from './rpc-client.ts';
import { isObject, loadTrace, type TraceEntry } from './trace.ts';

const TRACES = ['two-party-call', 'pause-resume', 'server-manager', 'session-resume', 'peer-vanish', 'transcoding'];

let engine: KurentoEngine;
let client: RpcClient;

beforeEach(async () => {
  engine = await startKurentoEngine();
  client = await RpcClient.open(engine.url);
});

afterEach(async () => {
  client.terminate();
  await engine.close();
});

interface Negotiation {
  readonly offer: string;
  readonly answer: string;
}

/** The recorded descriptions that answer an operation, with the offer that they answer. */
function recorded(operation: string, trace: readonly TraceEntry[]): Negotiation[] {
  return trace.flatMap(({ dir, frame }) => {
    if (dir !== 'client' || !isObject(frame) || !isObject(frame.params) || frame.params.operation !== operation)
      return [];
    const reply = trace.find(({ dir, frame: other }) => dir === 'server' && isObject(other) && other.id === frame.id);
    const { operationParams } = frame.params;
    const answer = isObject(reply?.frame) && isObject(reply.frame.result) ? reply.frame.result.value : undefined;
    const offer = isObject(operationParams) ? String(operationParams.offer) : '';
    return typeof answer === 'string' ? [{ offer, answer }] : [];
  });
}

/** A description without what is random in it. */
function form(sdp: string): string[] {
  return sdp
    .replace(/^o=- \d+ \d+ /m, 'o=- # # ')
    .replace(/^(a=ssrc:)\d+( cname:).*/gm, '$1#$2#')
    .replace(/^(a=ice-(?:ufrag|pwd):).*/gm, '$1#')
    .replace(/^(a=fingerprint:sha-256 ).*/gm, '$1#')
    .split('\r\n');
}

async function endpoint(): Promise<string> {
  return client.create('WebRtcEndpoint', { mediaPipeline: await client.create('MediaPipeline') });
}

it.each(TRACES)('answers the offers of %s line by line as Kurento did', async (name) => {
  const negotiations = recorded('processOffer', loadTrace(name));
  expect(negotiations.length).toBeGreaterThan(0);
  for (const { offer, answer } of negotiations) {
    const ours = String(await client.invoke(await endpoint(), 'processOffer', { offer }));
    expect(form(ours)).toEqual(form(answer));
  }
});

it('offers line by line what Kurento offered, and that it is ICE-lite', async () => {
  const [negotiation] = recorded('generateOffer', loadTrace('session-resume'));
  const ours = form(String(await client.invoke(await endpoint(), 'generateOffer')));
  expect(ours.filter((line) => line !== 'a=ice-lite')).toEqual(form(negotiation?.answer ?? ''));
});

it('agrees on VP8 alone when a browser offers more, because nothing is transcoded', async () => {
  const [vp8] = recorded('processOffer', loadTrace('two-party-call'));
  const offer = (vp8?.offer ?? '')
    .replace('SAVPF 96 97', 'SAVPF 102 96 97')
    .replace('a=rtpmap:96 VP8/90000', 'a=rtpmap:102 H264/90000\r\na=rtpmap:96 VP8/90000');
  const answer = String(await client.invoke(await endpoint(), 'processOffer', { offer }));
  expect(answer).toContain('m=video 1 UDP/TLS/RTP/SAVPF 96\r\n');
});
