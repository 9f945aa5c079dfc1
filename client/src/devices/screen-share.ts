import type { Room } from '../room.ts';
import { type SourceState, statusOf } from './state.ts';

/** Of `LocalMedia.shareScreen`. */
export interface ShareOptions {
  /** Whether the sound of a tab, or of the system, comes along where the browser can. Default true. */
  audio?: boolean;
}

/** Text stays readable, and a screen seldom moves. */
const FRAME_RATE = 15;

/** One's own shared screen: captured as long as it is published, and no longer. */
export class ScreenShare {
  readonly #devices: MediaDevices | undefined;
  readonly #onChange: () => void;
  #state: SourceState = { status: 'off' };
  #room: Room | undefined;
  #over: AbortController | undefined;

  constructor(devices: MediaDevices | undefined, onChange: () => void) {
    this.#devices = devices;
    this.#onChange = onChange;
  }

  get state(): SourceState {
    return this.#state;
  }

  /** Whether a screen is shared now. */
  async start(room: Room, { audio = true }: ShareOptions): Promise<boolean> {
    this.#set({ status: 'asking' });
    let captured: MediaStream | undefined;
    try {
      captured = await this.#capture(audio);
      await room.localParticipant.publish(captured, { as: 'screen' });
    } catch (error) {
      stopAll(captured);
      // Whoever closes the browser's list of screens is as little a failure as one who never opened it.
      const isRefused = !captured && statusOf(error) === 'denied';
      this.#set(isRefused ? { status: 'off' } : { status: statusOf(error), error });
      return false;
    }
    this.#hold(room, captured);
    return true;
  }

  async stop(): Promise<void> {
    const room = this.#room;
    this.#release();
    try {
      await room?.localParticipant.unpublish('screen');
    } catch (error) {
      this.#set({ status: 'off', error });
    }
  }

  async #capture(audio: boolean): Promise<MediaStream> {
    if (!this.#devices || !('getDisplayMedia' in this.#devices)) {
      throw new DOMException('this browser shares no screens', 'NotSupportedError');
    }
    return this.#devices.getDisplayMedia({ video: { frameRate: { max: FRAME_RATE } }, audio });
  }

  /** Until the room has it no longer, for whatever reason. */
  #hold(room: Room, captured: MediaStream): void {
    this.#release();
    const over = new AbortController();
    const [picture] = captured.getTracks().filter(({ kind }) => kind === 'video');
    const { localParticipant: local } = room;
    const look = () => {
      const isShown = local.publications.get('screen')?.tracks.some((track) => track === picture);
      if (!isShown) this.#release();
    };
    room.on('publicationRemoved', look, over);
    room.on('closed', () => this.#release(), over);
    over.signal.addEventListener('abort', () => stopAll(captured));
    this.#room = room;
    this.#over = over;
    this.#set({ status: 'on', ...(picture?.label && { label: picture.label }) });
  }

  #release(): void {
    if (!this.#over) return;
    this.#over.abort();
    this.#over = this.#room = undefined;
    this.#set({ status: 'off' });
  }

  #set(state: SourceState): void {
    this.#state = state;
    this.#onChange();
  }
}

function stopAll(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
