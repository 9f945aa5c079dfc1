import { type FormEvent, useState } from 'react';
import type { ResolvedRoomOptions, RoomChanges } from '../../../src/index.ts';
import { useRoomMetadata, useRoomOptions } from '../../../src/react/index.ts';
import { Button } from '../../parts/button.tsx';
import { useCall } from '../context.ts';
import { useMayModerate } from '../people/role.ts';
import { TITLE } from '../room-title.ts';
import { EndForAll } from './end-for-all.tsx';

/** How the room is run: for everyone to read, and for moderators to change. */
export function RoomSettings() {
  const options = useRoomOptions();
  const mayModerate = useMayModerate();
  return (
    <section className="stack">
      <h3>Room</h3>
      {mayModerate && <Changes options={options} />}
      <p className="lead" data-testid="room-facts">
        {factsOf(options)}
      </p>
      {mayModerate && <EndForAll />}
    </section>
  );
}

function Changes({ options: { locked, waitingRoom, publishers } }: { options: ResolvedRoomOptions }) {
  const { room, attempt } = useCall();
  const change = (changes: RoomChanges) => attempt(() => room.moderation.change(changes));
  return (
    <>
      <TitleForm change={change} />
      <Switch testid="lock" isOn={locked} change={(isOn) => change({ locked: isOn })}>
        Locked: nobody else gets in
      </Switch>
      <Switch testid="waiting-room" isOn={waitingRoom} change={(isOn) => change({ waitingRoom: isOn })}>
        Others wait to be let in
      </Switch>
      <Switch
        testid="only-moderators"
        isOn={publishers === 'moderators'}
        change={(isOn) => change({ publishers: isOn ? 'moderators' : 'everyone' })}
      >
        Only moderators speak, are seen and share
      </Switch>
    </>
  );
}

interface SwitchProps {
  testid: string;
  isOn: boolean;
  change: (isOn: boolean) => Promise<boolean>;
  children: string;
}

/** It shows what is asked for until the room says so; what could not be switched is as it was. */
function Switch({ testid, isOn, change, children }: SwitchProps) {
  const [wanted, setWanted] = useState<boolean>();
  if (wanted === isOn) setWanted(undefined);
  return (
    <label className="switch">
      <input
        type="checkbox"
        checked={wanted ?? isOn}
        data-testid={testid}
        onChange={async ({ currentTarget: { checked } }) => {
          setWanted(checked);
          if (!(await change(checked))) setWanted(undefined);
        }}
      />
      {children}
    </label>
  );
}

function TitleForm({ change }: { change: (changes: RoomChanges) => Promise<boolean> }) {
  const title = useRoomMetadata()[TITLE] ?? '';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get(TITLE)).trim();
    change({ metadata: { [TITLE]: text || null } });
  };
  return (
    <form className="line" onSubmit={submit}>
      <input
        // What others save in the meantime takes its place.
        key={title}
        name={TITLE}
        defaultValue={title}
        maxLength={80}
        placeholder="Title"
        aria-label="Title of the room"
        data-testid="title"
      />
      <Button isSmall type="submit" testid="save-title">
        Save
      </Button>
    </form>
  );
}

function factsOf(options: ResolvedRoomOptions): string {
  const { capacity, codec, lastN, maxBitrate, publishers, history, locked, waitingRoom } = options;
  const facts = [
    `Up to ${capacity} participants`,
    `${codec}, ${maxBitrate} kbit/s at most`,
    `${lastN} pictures received`,
    publishers === 'moderators' && 'only moderators publish',
    history > 0 && `${history} messages kept`,
    locked && 'locked',
    waitingRoom && 'with a waiting room',
  ];
  return `${facts.filter(Boolean).join(' · ')}.`;
}
