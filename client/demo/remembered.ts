/** What somebody chose the last time, in this browser. */
export interface Remembered {
  name: string;
  /** Ids of devices; absent: the browser's choice. */
  microphone?: string | undefined;
  camera?: string | undefined;
  speaker?: string | undefined;
  /** Whether to join with it. */
  isMicrophoneOn: boolean;
  isCameraOn: boolean;
  /** Whether single letters do something. */
  areShortcutsOn: boolean;
}

const KEY = 'hyperroom.choices';
const FIRST: Remembered = { name: '', isMicrophoneOn: true, isCameraOn: true, areShortcutsOn: true };

export function recall(): Remembered {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    // Kept by another version, or by a browser that lets nobody keep anything.
    return FIRST;
  }
}

export function remember(changes: Partial<Remembered>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...recall(), ...changes }));
  } catch {
    // Then the choice is made anew the next time.
  }
}
