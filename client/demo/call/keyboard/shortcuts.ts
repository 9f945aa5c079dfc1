/** What the keyboard can do in a call, by key. Letters alone: browsers and screen readers have the others. */
export const SHORTCUTS = {
  m: { action: 'microphone', label: 'Microphone on or off' },
  v: { action: 'camera', label: 'Camera on or off' },
  s: { action: 'share', label: 'Share your screen, or stop' },
  h: { action: 'hand', label: 'Raise or lower your hand' },
  r: { action: 'reactions', label: 'Send a reaction' },
  c: { action: 'chat', label: 'Chat' },
  p: { action: 'people', label: 'Participants' },
  g: { action: 'view', label: 'Grid or speaker view' },
  '?': { action: 'help', label: 'This help' },
} as const satisfies Record<string, { action: string; label: string }>;

type Key = keyof typeof SHORTCUTS;
export type Action = (typeof SHORTCUTS)[Key]['action'];

/** What a key press carries; a `KeyboardEvent` does. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** What a key press asks for; undefined: nothing of ours. */
export function actionOf({ key, ctrlKey, metaKey, altKey, repeat }: Press): Action | undefined {
  if (ctrlKey || metaKey || altKey || repeat) return undefined;
  const name = key.toLowerCase();
  return isKey(name) ? SHORTCUTS[name].action : undefined;
}

function isKey(key: string): key is Key {
  return Object.hasOwn(SHORTCUTS, key);
}

const TAKES_TEXT =
  'input:not([type="checkbox"], [type="radio"], [type="range"], [type="button"]), textarea, select, [contenteditable]';

/** Whether keys pressed here are for what stands here: never take them from somebody who writes. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(TAKES_TEXT);
}

/** Whether the space key does something here already. */
export function takesSpace(target: EventTarget | null): boolean {
  return (
    isTyping(target) || (target instanceof Element && target.matches('button, summary, a, input, [role="button"]'))
  );
}
