import { useEffect, useState } from 'react';
import { Screen } from '../parts/screen.tsx';
import { JoinForm, type JoinFormProps } from './join-form.tsx';
import { Preview } from './preview.tsx';
import type { OwnMedia } from './use-own-media.ts';

export interface BeforePageProps extends Omit<JoinFormProps, 'onName'> {
  own: OwnMedia;
}

/** The page before the call: one's picture and sound, a name, and the room. */
export function BeforePage({ own: { media, open }, ...form }: BeforePageProps) {
  const [name, setName] = useState(form.draft.name);
  useEffect(() => void open(), [open]);
  return (
    <Screen title="Join">
      <div className="before">
        <Preview media={media} name={name} />
        <JoinForm {...form} onName={setName} />
      </div>
    </Screen>
  );
}
