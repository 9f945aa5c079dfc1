import { useEffect, useRef, useState } from 'react';
import { type Join, useJoin } from '../../src/react/index.ts';
import type { Choice } from './choice.ts';
import type { OwnMedia } from './use-own-media.ts';

/** Joins with what was chosen, once for each choice. `isOpening`: its devices are opened before. */
export function useAttempt(choice: Choice | undefined, { media, open }: OwnMedia): Join & { isOpening: boolean } {
  const joining = useJoin();
  const { join, status } = joining;
  const attempted = useRef<Choice>(undefined);
  const [opened, setOpened] = useState<Choice>();
  useEffect(() => {
    if (!choice || attempted.current === choice) return;
    attempted.current = choice;
    const { name, room, create, isWatching } = choice;
    const enter = async () => {
      if (isWatching) media.close();
      else await open();
      setOpened(choice);
      await join(room, { name, stream: media.stream, muted: media.muted, ...(create && { create }) });
    };
    void enter();
  }, [choice, join, media, open]);
  useEffect(() => {
    if (status === 'ended') media.stop();
  }, [status, media]);
  return { ...joining, isOpening: choice !== undefined && opened !== choice };
}
