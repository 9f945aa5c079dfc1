import { readdirSync, readlinkSync } from 'node:fs';
import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useH264 } from 'werift';
import { BrowserPeer } from './browser-peer.ts';
import { RpcClient } from './rpc-client.ts';

let engine: KurentoEngine;
let client: RpcClient;
let pipeline: string;
const peers: BrowserPeer[] = [];

beforeEach(async () => {
  engine = await startKurentoEngine();
  client = await RpcClient.open(engine.url);
  pipeline = await client.create('MediaPipeline');
});

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
  client.terminate();
  await engine.close();
});

interface Attached {
  readonly peer: BrowserPeer;
  readonly endpoint: string;
}

/** A connected peer and its endpoint, made in the way of an agent: all candidates in the answer. */
async function attach(role: 'publisher' | 'subscriber', video?: typeof useH264): Promise<Attached> {
  const peer = new BrowserPeer(role, video);
  peers.push(peer);
  const endpoint = await client.create('WebRtcEndpoint', { mediaPipeline: pipeline });
  await client.subscribe(endpoint, 'IceGatheringDone', 'ConnectionStateChanged');
  await client.invoke(endpoint, 'processOffer', { offer: await peer.offer() });
  await client.invoke(endpoint, 'gatherCandidates');
  await eventOf(endpoint, 'IceGatheringDone');
  await peer.accept(String(await client.invoke(endpoint, 'getLocalSessionDescriptor')));
  await eventOf(endpoint, 'ConnectionStateChanged');
  return { peer, endpoint };
}

function eventOf(object: string, type: string, state?: string): Promise<void> {
  return vi.waitFor(
    () => {
      const found = client.events.find(
        (event) =>
          event.object === object && event.type === type && (state === undefined || event.data.state === state),
      );
      if (!found) throw new Error(`no ${type} ${state ?? ''} of ${object}`);
    },
    { timeout: 10_000, interval: 5 },
  );
}

/** Resolves when more packets than now have come. */
async function more(peer: BrowserPeer, kind: 'audio' | 'video'): Promise<void> {
  const before = peer.received[kind].length;
  await vi.waitFor(() => expect(peer.received[kind].length).toBeGreaterThan(before + 2), {
    timeout: 5000,
    interval: 5,
  });
}

const numbers = (peer: BrowserPeer) => peer.received.video.map(({ header }) => header.sequenceNumber);

function isConsecutive(sequence: readonly number[]): boolean {
  return sequence.every((number, index) => index === 0 || number === (((sequence[index - 1] ?? 0) + 1) & 0xffff));
}

describe('forwarding', () => {
  it('brings the publisher’s audio and video to a subscriber, payload for payload', async () => {
    const publisher = await attach('publisher');
    const subscriber = await attach('subscriber');
    await client.invoke(publisher.endpoint, 'connect', { sink: subscriber.endpoint });
    await more(subscriber.peer, 'audio');
    await more(subscriber.peer, 'video');
    expect(subscriber.peer.received.video[0]?.payload.toString()).toMatch(/^video \d+$/);
    expect(subscriber.peer.received.audio[0]?.payload.toString()).toMatch(/^audio \d+$/);
    expect(isConsecutive(numbers(subscriber.peer))).toBe(true);
  });

  it('stops one medium on disconnect and resumes it on connect without a gap in the numbering', async () => {
    const publisher = await attach('publisher');
    const subscriber = await attach('subscriber');
    const video = { sink: subscriber.endpoint, mediaType: 'VIDEO' };
    await client.invoke(publisher.endpoint, 'connect', { sink: subscriber.endpoint });
    await more(subscriber.peer, 'video');
    await client.invoke(publisher.endpoint, 'disconnect', video);
    await more(subscriber.peer, 'audio'); // what was under way has come
    const frames = subscriber.peer.received.video.length;
    await more(subscriber.peer, 'audio');
    await more(subscriber.peer, 'audio');
    expect(subscriber.peer.received.video).toHaveLength(frames);
    await client.invoke(publisher.endpoint, 'connect', video);
    await more(subscriber.peer, 'video');
    expect(isConsecutive(numbers(subscriber.peer))).toBe(true);
  });

  it('switches a subscriber to another publisher within one stream', async () => {
    const [one, two] = [await attach('publisher'), await attach('publisher')];
    const subscriber = await attach('subscriber');
    await client.invoke(one.endpoint, 'connect', { sink: subscriber.endpoint });
    await more(subscriber.peer, 'video');
    await client.invoke(two.endpoint, 'connect', { sink: subscriber.endpoint });
    await more(subscriber.peer, 'video');
    expect(new Set(subscriber.peer.received.video.map(({ header }) => header.ssrc)).size).toBe(1);
    expect(isConsecutive(numbers(subscriber.peer))).toBe(true);
    expect(await client.invoke(one.endpoint, 'getSinkConnections')).toEqual([]);
  });

  it('serves a subscriber that is connected before it has negotiated', async () => {
    const publisher = await attach('publisher');
    const peer = new BrowserPeer('subscriber');
    peers.push(peer);
    const endpoint = await client.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    await client.invoke(publisher.endpoint, 'connect', { sink: endpoint });
    await client.subscribe(endpoint, 'IceGatheringDone');
    await client.invoke(endpoint, 'processOffer', { offer: await peer.offer() });
    await client.invoke(endpoint, 'gatherCandidates');
    await eventOf(endpoint, 'IceGatheringDone');
    await peer.accept(String(await client.invoke(endpoint, 'getLocalSessionDescriptor')));
    await more(peer, 'video');
    expect(publisher.peer.keyFrameRequests).toBe(1);
  });

  it('forwards H264 when that is all that is offered, and never to a subscriber of VP8', async () => {
    const publisher = await attach('publisher', useH264);
    const [h264, vp8] = [await attach('subscriber', useH264), await attach('subscriber')];
    for (const { endpoint } of [h264, vp8]) await client.invoke(publisher.endpoint, 'connect', { sink: endpoint });
    await more(h264.peer, 'video');
    await more(vp8.peer, 'audio');
    expect(vp8.peer.received.video).toEqual([]);
  });
});

describe('feedback', () => {
  it('asks the publisher for a key frame on connect, and when a subscriber asks, but not in a hurry', async () => {
    const publisher = await attach('publisher');
    const subscriber = await attach('subscriber');
    expect(publisher.peer.keyFrameRequests).toBe(0);
    await client.invoke(publisher.endpoint, 'connect', { sink: subscriber.endpoint });
    await vi.waitFor(() => expect(publisher.peer.keyFrameRequests).toBe(1));
    await more(subscriber.peer, 'video');
    await Promise.all([1, 2, 3, 4].map(() => subscriber.peer.sendPli()));
    await vi.waitFor(() => expect(publisher.peer.keyFrameRequests).toBe(2), { timeout: 2000 });
    await client.invoke(subscriber.endpoint, 'requestKeyframe');
    await vi.waitFor(() => expect(publisher.peer.keyFrameRequests).toBe(3), { timeout: 2000 });
  });

  it('repeats a packet that a subscriber asks for again', async () => {
    const publisher = await attach('publisher');
    const subscriber = await attach('subscriber');
    await client.invoke(publisher.endpoint, 'connect', { sink: subscriber.endpoint });
    await more(subscriber.peer, 'video');
    const lost = numbers(subscriber.peer)[0] ?? expect.fail();
    await subscriber.peer.sendNack(lost);
    await vi.waitFor(() => expect(numbers(subscriber.peer).filter((number) => number === lost)).toHaveLength(2));
  });

  it('asks the publisher for a packet that is missing', async () => {
    const publisher = await attach('publisher');
    const subscriber = await attach('subscriber');
    await client.invoke(publisher.endpoint, 'connect', { sink: subscriber.endpoint });
    await more(subscriber.peer, 'video');
    publisher.peer.loseVideoPacket();
    await vi.waitFor(() => expect(publisher.peer.nacked.length).toBeGreaterThan(0), { timeout: 2000 });
    expect(numbers(subscriber.peer)).not.toContain(publisher.peer.nacked[0]);
  });

  it('caps the publisher at the lowest limit of its subscribers', async () => {
    const publisher = await attach('publisher');
    const [one, two] = [await attach('subscriber'), await attach('subscriber')];
    await client.invoke(one.endpoint, 'setMaxVideoSendBandwidth', { maxVideoSendBandwidth: 2000 });
    await client.invoke(two.endpoint, 'setMaxVideoSendBandwidth', { maxVideoSendBandwidth: 800 });
    await client.invoke(publisher.endpoint, 'connect', { sink: one.endpoint });
    const capped = (kbits: number) =>
      vi.waitFor(() => expect(Math.round(publisher.peer.allowedBitrate / 1000)).toBe(kbits), { timeout: 3000 });
    await capped(2000);
    await client.invoke(publisher.endpoint, 'connect', { sink: two.endpoint });
    await capped(800);
  });
});

describe('an offer of the engine', () => {
  it('is answered by a peer, which then publishes', async () => {
    const peer = new BrowserPeer('subscriber');
    peers.push(peer);
    const publisher = await attach('publisher');
    const endpoint = await client.create('WebRtcEndpoint', { mediaPipeline: pipeline, sendonly: true });
    await client.subscribe(endpoint, 'IceGatheringDone', 'ConnectionStateChanged');
    expect(String(await client.invoke(endpoint, 'generateOffer'))).toContain('a=sendonly');
    await client.invoke(endpoint, 'gatherCandidates');
    await eventOf(endpoint, 'IceGatheringDone');
    const offer = String(await client.invoke(endpoint, 'getLocalSessionDescriptor'));
    const answer = await peer.answerTo(offer);
    await client.invoke(endpoint, 'processAnswer', { answer });
    await expect(client.invoke(endpoint, 'processAnswer', { answer })).rejects.toMatchObject({ code: 40210 });
    await eventOf(endpoint, 'ConnectionStateChanged');
    await client.invoke(publisher.endpoint, 'connect', { sink: endpoint });
    await more(peer, 'video');
  });
});

describe('a peer that has gone', () => {
  it('stays connected in the state that Kurento tells, and is reported closed', async () => {
    const { peer, endpoint } = await attach('publisher');
    await client.subscribe(endpoint, 'DtlsConnectionStateChange');
    await peer.close();
    await eventOf(endpoint, 'DtlsConnectionStateChange', 'CLOSED');
    expect(await client.invoke(endpoint, 'getConnectionState')).toBe('CONNECTED');
  });
});

describe('release', () => {
  it('frees every socket, over many calls', async () => {
    const udpSockets = () => {
      const kinds = process.getActiveResourcesInfo();
      return kinds.filter((kind) => kind.startsWith('UDP')).length;
    };
    const [descriptors, sockets] = [openDescriptors(), udpSockets()];
    for (let round = 0; round < 10; round += 1) {
      const publisher = await attach('publisher');
      const subscriber = await attach('subscriber');
      await client.invoke(publisher.endpoint, 'connect', { sink: subscriber.endpoint });
      await more(subscriber.peer, 'video');
      await client.call('release', { object: publisher.endpoint });
      await client.call('release', { object: subscriber.endpoint });
      await Promise.all([publisher.peer.vanish(), subscriber.peer.vanish()]);
      peers.length = 0;
    }
    expect(engine.counts()).toEqual({ pipelines: 1, endpoints: 0 });
    await vi.waitFor(() => expect([openDescriptors(), udpSockets()]).toEqual([descriptors, sockets]));
  });
});

/** The process's open sockets, by the kernel's account. */
function openDescriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => isSocket(`/proc/self/fd/${fd}`)).length;
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false; // closed since it was listed
  }
}
