import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { classes, Message, methods, parseMessage, RTCDtlsTransport } from 'werift';
import { parseDescription } from '../sdp/description.ts';
import { outwardAddress } from './own-address.ts';
import { Transport } from './transport.ts';

const OFFER = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 0',
  'a=ice-ufrag:peer',
  'a=ice-pwd:peerpassword',
  `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`,
  'a=setup:actpass',
].join('\r\n');

const CHROMIUM = { isLibwebrtc: true, isFirefox: false };
const FIREFOX = { isLibwebrtc: false, isFirefox: true };
const OTHER = { isLibwebrtc: false, isFirefox: false };

let events: string[];
let transport: Transport;
const sockets: Socket[] = [];

beforeEach(async () => {
  events = [];
  const certificate = await RTCDtlsTransport.SetupCertificate();
  transport = new Transport(
    { certificate, address: undefined, portRange: undefined },
    {
      checking: () => events.push('checking'),
      candidateFound: (line) => events.push(line),
      gatheringDone: () => events.push('gathered'),
      pairSelected: (_, remote) => events.push(`selected ${remote}`),
      dtls: (state) => events.push(`dtls ${state}`),
    },
  );
});

afterEach(async () => {
  await transport.close();
  for (const socket of sockets.splice(0)) socket.close();
});

async function peerSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'listening');
  return socket;
}

/** A connectivity check that nominates, as a browser's; resolves with the answer to it. */
async function check(socket: Socket): Promise<Message | undefined> {
  const { ufrag, pwd } = transport.local;
  const request = new Message(methods.BINDING, classes.REQUEST)
    .setAttribute('USERNAME', `${ufrag}:peer`)
    .setAttribute('PRIORITY', 1)
    .setAttribute('ICE-CONTROLLING', 1n)
    .setAttribute('USE-CANDIDATE', null)
    .addMessageIntegrity(Buffer.from(pwd))
    .addFingerprint();
  const answer = once(socket, 'message');
  socket.send(request.bytes, transport.candidates?.port ?? 0, '127.0.0.1');
  const [data] = (await answer) as [Buffer];
  return parseMessage(data);
}

const reflexive = (socket: Socket) =>
  `selected candidate:remote1 1 UDP 1853628159 127.0.0.1 ${socket.address().port} typ prflx`;

describe('Transport', () => {
  it('has one candidate, on the loopback interface', async () => {
    await transport.gather();
    const port = transport.candidates?.port;
    expect(events).toEqual([`candidate:1 1 UDP 2015364095 127.0.0.1 ${port} typ host`, 'gathered']);
  });

  it('leaves the loopback interface for Firefox, which never goes there', async () => {
    transport.setRemote(parseDescription(OFFER).media[0] ?? expect.fail(), FIREFOX);
    await transport.gather();
    expect(transport.candidates?.address).toBe(outwardAddress());
  });

  it('answers the check of a peer that sent no candidates, and starts DTLS with it', async () => {
    const socket = await peerSocket();
    transport.setRemote(parseDescription(OFFER).media[0] ?? expect.fail(), CHROMIUM);
    await transport.gather();
    expect((await check(socket))?.messageClass).toBe(classes.RESPONSE);
    await vi.waitFor(() => expect(events.slice(2)).toEqual(['checking', reflexive(socket), 'dtls CONNECTING']));
  });

  it('follows a peer that nominates another of its addresses', async () => {
    const [one, two] = [await peerSocket(), await peerSocket()];
    transport.setRemote(parseDescription(OFFER).media[0] ?? expect.fail(), OTHER);
    await transport.gather();
    await check(one);
    await vi.waitFor(() => expect(events).toContain(reflexive(one)));
    await check(two);
    await check(two);
    await vi.waitFor(() => expect(events.at(-1)).toBe(reflexive(two)));
  });

  it('names a selected pair by the candidate that the peer has told', async () => {
    const socket = await peerSocket();
    const line = `candidate:7 1 UDP 99 127.0.0.1 ${socket.address().port} typ host`;
    transport.setRemote(parseDescription(OFFER).media[0] ?? expect.fail(), CHROMIUM);
    await transport.gather();
    transport.addRemoteCandidate(['127.0.0.1', socket.address().port], line);
    expect(events.at(-1)).toBe('checking');
    await check(socket);
    await vi.waitFor(() => expect(events).toContain(`selected ${line}`));
  });
});
