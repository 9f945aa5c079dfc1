import { beforeEach, expect, it, vi } from 'vitest';
import { DtlsClient, ProtectionProfileAes128CmHmacSha1_80, RTCDtlsTransport } from 'werift';
import { ignoreRepeats, startAtOnce } from './handshake.ts';

const sent = vi.fn(async (_data: Buffer) => {});
let client: DtlsClient;

beforeEach(async () => {
  sent.mockClear();
  const certificate = await RTCDtlsTransport.SetupCertificate();
  client = new DtlsClient({
    cert: certificate.certPem,
    key: certificate.privateKey,
    signatureHash: certificate.signatureHash,
    srtpProfiles: [ProtectionProfileAes128CmHmacSha1_80],
    transport: {
      type: 'test',
      address: { address: '127.0.0.1', family: 'IPv4', port: 0 },
      closed: false,
      onData: () => {},
      send: sent,
      close: async () => {},
    },
  });
});

it('sends the hello at once, and not again when werift gets round to it', () => {
  startAtOnce(client);
  expect(sent).toHaveBeenCalledTimes(1);
  void client.connect();
  expect(sent).toHaveBeenCalledTimes(1);
});

it('hands each handshake message on once, by its number', async () => {
  const handled: number[] = [];
  const reader = {
    onHandleHandshakes: async (messages: { message_seq: number }[]) => {
      handled.push(...messages.map(({ message_seq }) => message_seq));
    },
  };
  ignoreRepeats(reader);
  const numbered = (...numbers: number[]) => numbers.map((message_seq) => ({ message_seq }));
  await reader.onHandleHandshakes(numbered(0, 1));
  await reader.onHandleHandshakes(numbered(1, 2));
  await reader.onHandleHandshakes(numbered(0));
  expect(handled).toEqual([0, 1, 2]);
});
