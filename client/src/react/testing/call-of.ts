import { FakePeerConnection, type FakeTrack, fakeStream } from '../../testing/fake-media.ts';
import { ADDRESSES, answerTo, participant } from '../../testing/fake-room.ts';
import { type Joined, joinRoom } from '../../testing/join.ts';

/** How many of the others are received in `callOf`. */
const RECEIVED = 3;

export interface CallOf extends Joined {
  /** The sound that is received of somebody, one of the first three. */
  voiceOf(name: string): FakeTrack;
}

/** A room with others in it, of whom the first three are received, and a camera and a microphone of one's own. */
export async function callOf(others: readonly string[], changes: Parameters<typeof joinRoom>[3] = {}): Promise<CallOf> {
  const received = others.slice(0, RECEIVED);
  const joined = await joinRoom(
    Object.fromEntries(others.map((name) => [name, participant(name)])),
    ({ publish = '', receive }) => [
      answerTo(publish),
      ...received.map((name, index) => answerTo(receive[index] ?? '', ADDRESSES.hyperty(name))),
    ],
    { stream: fakeStream() },
    changes,
  );
  const voiceOf = (name: string) => {
    const voice = FakePeerConnection.made[received.indexOf(name) + 1]?.transceivers[0]?.receiver.track;
    if (!voice) throw new Error(`${name} is not received`);
    return voice;
  };
  return { ...joined, voiceOf };
}
