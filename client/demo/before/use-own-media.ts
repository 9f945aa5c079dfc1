import { useCallback, useEffect, useState } from 'react';
import { LocalMedia, type VideoSize } from '../../src/devices/index.ts';
import { recall } from '../remembered.ts';

export interface OwnMedia {
  media: LocalMedia;
  /** Opens what was on the last time. A microphone that was off is opened, too, and muted: so it is on again at once. */
  open: () => Promise<void>;
}

/** One's own camera and microphone, as long as the page is there. */
export function useOwnMedia(video: VideoSize): OwnMedia {
  const [media] = useState(() => newMedia(video));
  useEffect(() => () => media.stop(), [media]);
  const open = useCallback(() => {
    // Whoever had it off at the end of a call is not to be seen at the beginning of the next.
    const isSeen = recall().isCameraOn && !media.isMuted('camera');
    return isSeen ? media.open('microphone', 'camera') : media.open('microphone');
  }, [media]);
  return { media, open };
}

function newMedia(video: VideoSize): LocalMedia {
  const { microphone, camera, isMicrophoneOn } = recall();
  const media = new LocalMedia({ video, devices: { microphone, camera } });
  if (!isMicrophoneOn) void media.mute('microphone');
  return media;
}
