import type { CSSProperties } from 'react';
import { hueOf, initials } from './initials.ts';

/** Somebody without a picture: initials on a colour that is the same on every screen. */
export function Avatar({ name }: { name: string }) {
  const style: CSSProperties & Record<'--hue', string> = { '--hue': String(hueOf(name)) };
  return (
    <span className="avatar" style={style} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
