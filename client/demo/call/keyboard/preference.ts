const KEY = 'hyperroom.shortcuts';
const OFF = 'off';

/** Whether single letters do something, as the user has last chosen. */
export function areShortcutsOn(): boolean {
  return localStorage.getItem(KEY) !== OFF;
}

export function setShortcutsOn(isOn: boolean): void {
  if (isOn) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, OFF);
}
