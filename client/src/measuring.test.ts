import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePeerConnection, FakeTrack, fakeStream } from './testing/fake-media.ts';
import { ADDRESSES, answerTo, dismissal, participant, roomUpdate } from './testing/fake-room.ts';
import { answerUpdate, joinRoom, stubBrowser, updatesOf } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const bob = ADDRESSES.hyperty('bob');
const A_WHILE = 3_000;

/** A room with Bob, who is shown, and a microphone of one's own. */
async function talking(changes: Parameters<typeof joinRoom>[3] = {}, others: Parameters<typeof joinRoom>[0] = {}) {
  const microphone = new FakeTrack('audio');
  const joined = await joinRoom(
    { bob: participant('bob'), ...others },
    ({ publish = '', receive: [first = ''] }) => [answerTo(publish), answerTo(first, bob)],
    { stream: fakeStream([microphone]) },
    changes,
  );
  const voice = FakePeerConnection.made[1]?.transceivers[0]?.receiver.track;
  if (!voice) throw new Error('Bob is not received');
  return { ...joined, microphone, voice };
}

describe('who speaks', () => {
  test('is known of those who are received, and of oneself', async () => {
    const { room, events, voice, microphone } = await talking();
    voice.level = 0.5;
    await vi.advanceTimersByTimeAsync(A_WHILE);
    const them = room.participants.get('bob');
    expect(room.activeSpeakers).toEqual([them]);
    expect(them).toMatchObject({ isSpeaking: true, audioLevel: 0.5 });
    expect(room.localParticipant).toMatchObject({ isSpeaking: false, audioLevel: 0 });
    voice.level = 0;
    microphone.level = 0.4;
    await vi.advanceTimersByTimeAsync(A_WHILE);
    expect(room.activeSpeakers).toEqual([room.localParticipant]);
    expect(events[2]).toBe('activeSpeakersChanged bob');
    expect(events.at(-1)).toBe('activeSpeakersChanged self');
  });

  test('is nobody any more when the room is over', async () => {
    const { room, socket, voice } = await talking();
    voice.level = 0.5;
    await vi.advanceTimersByTimeAsync(A_WHILE);
    socket.deliver(dismissal(room.localParticipant.id, 'ended'));
    expect(room.activeSpeakers).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('speaking is told to the server', () => {
  const crowded = () => talking({ options: { lastN: 1 } }, { cyd: participant('cyd', { publications: {} }) });
  const notices = (joined: { socket: Parameters<typeof updatesOf>[0] }) =>
    updatesOf(joined.socket).filter(({ speaking }) => speaking === true).length;

  test('in a room where somebody does not receive everybody, every two seconds until it is heard', async () => {
    const joined = await crowded();
    joined.microphone.level = 0.5;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notices(joined)).toBe(1);
    await answerUpdate(joined.socket);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(notices(joined)).toBe(2);
    joined.socket.deliver(roomUpdate(6, 'speakers', [joined.self.id]));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(notices(joined)).toBe(2);
    joined.socket.deliver(roomUpdate(7, 'speakers', ['bob']));
    expect(notices(joined)).toBe(3);
  });

  test('not while it is silent, nor muted', async () => {
    const joined = await crowded();
    joined.room.localParticipant.mute('microphone').catch(() => {});
    joined.microphone.level = 0.5;
    await vi.advanceTimersByTimeAsync(A_WHILE);
    expect(notices(joined)).toBe(0);
  });

  test('not in a room that shows everybody', async () => {
    const joined = await talking({ options: { lastN: 1 } });
    joined.microphone.level = 0.5;
    await vi.advanceTimersByTimeAsync(A_WHILE);
    expect(notices(joined)).toBe(0);
  });
});

describe('connections', () => {
  const inbound = (packetsReceived: number) =>
    new Map<string, object>([
      ['pair', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.02 }],
      [
        'audio',
        {
          type: 'inbound-rtp',
          kind: 'audio',
          packetsReceived,
          packetsLost: 0,
          bytesReceived: 10 * packetsReceived,
          jitter: 0.001,
        },
      ],
    ]);

  test('are good or not, and that is told when it changes', async () => {
    const { room, events } = await talking();
    const pc = FakePeerConnection.made[1];
    if (!pc) throw new Error('Bob is not received');
    for (let packets = 100; packets <= 400; packets += 100) {
      pc.stats = inbound(packets);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    expect(room.participants.get('bob')?.quality).toBe('excellent');
    expect(events.filter((event) => event.startsWith('connectionQualityChanged bob'))).toEqual([
      'connectionQualityChanged bob excellent',
    ]);
  });

  test('are counted by whose they are', async () => {
    const { room } = await talking();
    const [own, bobs] = FakePeerConnection.made;
    if (own) own.stats = new Map([['out', { type: 'outbound-rtp', kind: 'audio', bytesSent: 70, packetsSent: 7 }]]);
    if (bobs) bobs.stats = inbound(5);
    expect(await room.getStats()).toMatchObject({
      sent: [{ publication: 'main', kind: 'audio', bytes: 70, packets: 7 }],
      received: [{ participant: 'bob', publication: 'main', kind: 'audio', bytes: 50, packets: 5 }],
      totals: { bytesSent: 70, bytesReceived: 50 },
    });
  });
});
