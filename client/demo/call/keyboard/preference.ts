const KEY = 'hyperroom.shortcuts';
const OFF = 'off';

/** Whether single letters do something, as the user has last chosen. */
export function areShortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== OFF;
  } catch {
    // A browser that lets nobody keep anything.
    return true;
  }
}

export function setShortcutsOn(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, OFF);
  } catch {
    // Then the choice is made anew the next time.
  }
}
