import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type KurentoEndpoint as Endpoint,
  MediaServer,
  type KurentoPipeline as Pipeline,
} from '../../../../media-agent/src/kurento/index.ts';
import { offerToPublish, offerToReceive, sectionsOf } from '../../simulation/client/sdp.ts';
import { type CountingEngine, startCountingEngine } from '../../simulation/engine/counting-engine.ts';

/* The counting engine as the media agent's own adapter sees it. */

let engine: CountingEngine;
let server: MediaServer;
let pipeline: Pipeline;
beforeEach(async () => {
  engine = await startCountingEngine();
  server = await MediaServer.connect(engine.url);
  pipeline = await server.createPipeline({ name: 'room', tags: { hyperroom: '1' } });
});
afterEach(async () => {
  server.close();
  await engine.close();
});

const publication = () => pipeline.createEndpoint({ name: 'publication', direction: 'publish' });
const receiver = () => pipeline.createEndpoint({ name: 'receiver', direction: 'subscribe' });

async function answered(creating: Promise<Endpoint>, { sdp }: { sdp: string }): Promise<Endpoint> {
  const endpoint = await creating;
  await endpoint.answer(sdp);
  return endpoint;
}

describe('an offer', () => {
  test('is answered section by section, with a candidate', async () => {
    const answer = await (await publication()).answer(offerToPublish(['audio', 'video']).sdp);
    expect(sectionsOf(answer)).toEqual([
      { mid: '0', accepted: true },
      { mid: '1', accepted: true },
    ]);
    expect(answer).toMatch(/^a=recvonly\r$/m);
    expect(answer).toMatch(/^a=candidate:/m);
  });

  test('leads to a connection once its peer has the answer', async () => {
    const offer = offerToReceive();
    const endpoint = await answered(receiver(), offer);
    const connected = once(endpoint, 'connected');
    engine.connect(offer.ufrag);
    await connected;
    await endpoint.release();
    engine.connect(offer.ufrag);
  });

  test('of video alone gets an answer of video alone', async () => {
    const answer = await (await publication()).answer(offerToPublish(['video']).sdp);
    expect(sectionsOf(answer)).toEqual([{ mid: '0', accepted: true }]);
    expect(answer).toMatch(/^m=video 9 UDP\/TLS\/RTP\/SAVPF 96\r$/m);
  });

  test('is answered once in the life of an endpoint', async () => {
    const endpoint = await publication();
    await endpoint.answer(offerToPublish(['audio', 'video']).sdp);
    await expect(endpoint.answer(offerToPublish(['audio', 'video']).sdp)).rejects.toMatchObject({ kurentoCode: 40208 });
  });

  test('that is none is refused', async () => {
    await expect((await publication()).answer('v=0\r\ngarbage')).rejects.toMatchObject({ kurentoCode: 40201 });
  });
});

describe('the ledger', () => {
  test('knows who has what from whom, and the most there has been', async () => {
    const [camera, screen, sink] = [offerToPublish(['audio', 'video']), offerToPublish(['video']), offerToReceive()];
    const from = await answered(publication(), camera);
    const other = await answered(publication(), screen);
    const to = await answered(receiver(), sink);
    await from.connectTo(to);
    expect(engine.feeds()).toEqual([{ to: sink.ufrag, audio: camera.ufrag, video: camera.ufrag }]);
    await from.disconnectFrom(to, 'video');
    expect(engine.feeds()).toEqual([{ to: sink.ufrag, audio: camera.ufrag, video: undefined }]);
    expect(engine.ledger.holdings).toEqual({ pipelines: 1, endpoints: 3, audioLinks: 1, videoLinks: 0 });
    await other.connectTo(to);
    expect(engine.feeds()).toEqual([{ to: sink.ufrag, audio: screen.ufrag, video: screen.ufrag }]);
    await to.release();
    expect(engine.ledger.holdings).toEqual({ pipelines: 1, endpoints: 2, audioLinks: 0, videoLinks: 0 });
    expect(engine.ledger.takePeak()).toEqual({ pipelines: 1, endpoints: 3, audioLinks: 1, videoLinks: 1 });
    expect(engine.ledger.takePeak()).toEqual(engine.ledger.holdings);
    expect(engine.ledger.calls.get('processOffer')).toBe(3);
  });

  test('is empty once the pipeline is released, with all that was in it', async () => {
    const from = await answered(publication(), offerToPublish(['audio', 'video']));
    await from.connectTo(await answered(receiver(), offerToReceive()));
    await pipeline.release();
    expect(engine.ledger.holdings).toEqual({ pipelines: 0, endpoints: 0, audioLinks: 0, videoLinks: 0 });
  });
});

describe('what is not there', () => {
  test('cannot be linked, created in, or asked', async () => {
    const from = await publication();
    const gone = await receiver();
    await gone.release();
    await expect(from.connectTo(gone)).rejects.toMatchObject({ kurentoCode: 40101 });
    await expect(gone.answer(offerToReceive().sdp)).rejects.toMatchObject({ kurentoCode: 40101 });
    await pipeline.release();
    await expect(publication()).rejects.toMatchObject({ kurentoCode: 40101 });
  });

  test('limits of bandwidth are taken, and a key frame is asked of a receiver only', async () => {
    const from = await answered(publication(), offerToPublish(['audio', 'video']));
    const to = await receiver();
    await to.setMaxVideoSendBandwidth(2000);
    await from.setMaxVideoRecvBandwidth(2000);
    await from.connectTo(to);
    await to.requestKeyframe();
    await expect(from.requestKeyframe()).rejects.toMatchObject({ kurentoCode: 40111 });
    expect(await server.pipelines()).toMatchObject([{ name: 'room', tags: { hyperroom: '1' } }]);
  });
});
