import type { CSSProperties } from 'react';
import type { LocalMedia } from '../../src/devices/index.ts';
import { useMicrophoneLevel } from '../../src/react/index.ts';

/** How loud the microphone is, at the moment. */
export function LevelMeter({ media }: { media: LocalMedia }) {
  const level = useMicrophoneLevel(media);
  const style: CSSProperties & Record<'--level', number> = { '--level': level };
  return (
    <span className="level" style={style} data-testid="level">
      <meter className="visually-hidden" value={level} aria-label="Microphone level" />
    </span>
  );
}
