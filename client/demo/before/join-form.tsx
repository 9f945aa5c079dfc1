import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { useFocus } from '../parts/use-focus.ts';
import type { Choice, Draft } from './choice.ts';
import type { Failure } from './failures.ts';
import { inventRoomName, toRoomId } from './room-name.ts';
import { RoomOptionFields, readRoomOptions } from './room-options.tsx';

export interface JoinFormProps {
  /** What the fields say to begin with. */
  draft: Draft;
  /** Whether the room is that of a link, so there is nothing to choose. */
  isInvited: boolean;
  isJoining: boolean;
  /** Why the last attempt failed. */
  failure: Failure | undefined;
  onName: (name: string) => void;
  onJoin: (choice: Choice) => void;
}

/** A name, the room, and for whom it matters how that is run. */
export function JoinForm({ draft, isInvited, isJoining, failure, onName, onJoin }: JoinFormProps) {
  const [isNamed] = useState(draft.name !== '');
  const nameField = useFocus<HTMLInputElement>();
  const joinButton = useFocus<HTMLButtonElement>();
  const join = (form: HTMLFormElement, changes: Partial<Choice> = {}) => {
    const choice = { ...read(new FormData(form), draft), ...changes };
    if (choice.name && choice.room) onJoin(choice);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    join(event.currentTarget);
  };
  return (
    <form className="join-form" onSubmit={submit}>
      <h1>{isInvited ? 'You’re invited' : 'A room for everyone'}</h1>
      <p className="lead">{isInvited ? `Join “${draft.room}” and talk.` : 'Open a room, send its link, and talk.'}</p>
      {failure && <Refusal {...failure} watch={(form) => join(form, { isWatching: true })} />}
      <label>
        Your name
        <input
          ref={isNamed ? undefined : nameField}
          name="name"
          defaultValue={draft.name}
          autoComplete="name"
          maxLength={128}
          required
          data-testid="name"
          onChange={({ currentTarget: { value } }) => onName(value)}
        />
      </label>
      {!isInvited && <RoomField room={draft.room} />}
      <Button
        ref={isNamed ? joinButton : undefined}
        type="submit"
        look="primary"
        testid="join"
        disabled={isJoining}
        aria-busy={isJoining}
      >
        {isJoining ? 'Joining…' : 'Join'}
      </Button>
      <MoreOptions draft={draft} isOpen={failure !== undefined && draft.token !== undefined} />
    </form>
  );
}

/** Whoever has scrolled down to the button is to see it, too. */
function Refusal({ text, mayWatch, watch }: Failure & { watch: (form: HTMLFormElement) => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={place}>
      <Notice>
        {text}
        {mayWatch && (
          <Button
            isSmall
            testid="join-watching"
            onClick={({ currentTarget: { form } }) => form?.reportValidity() && watch(form)}
          >
            Watch and listen
          </Button>
        )}
      </Notice>
    </div>
  );
}

function RoomField({ room }: { room: string | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  const [invented] = useState(inventRoomName);
  const shuffle = () => {
    if (input.current) input.current.value = inventRoomName();
  };
  return (
    <div className="with-shuffle">
      <label>
        Room
        <input
          ref={input}
          name="room"
          defaultValue={room ?? invented}
          autoComplete="off"
          spellCheck={false}
          maxLength={128}
          required
          data-testid="room"
        />
      </label>
      <IconButton look="bare" icon="shuffle" label="Another room name" onClick={shuffle} />
    </div>
  );
}

/** Folded away: nobody needs it to talk. */
function MoreOptions({ draft, isOpen }: { draft: Draft; isOpen: boolean }) {
  const [isCreating, setCreating] = useState(draft.create !== undefined);
  return (
    <details className="room-options" data-testid="room-options" open={isOpen}>
      <summary>Room options</summary>
      <label className="switch">
        <input type="checkbox" name="watch" defaultChecked={draft.isWatching} data-testid="watch" />
        Watch and listen only, without camera and microphone
      </label>
      <label>
        Token, if you have one
        <input name="token" defaultValue={draft.token} autoComplete="off" spellCheck={false} data-testid="token" />
      </label>
      <label className="switch">
        <input
          type="checkbox"
          name="create"
          checked={isCreating}
          data-testid="create"
          onChange={({ currentTarget: { checked } }) => setCreating(checked)}
        />
        Open the room if there is none, with
      </label>
      <RoomOptionFields given={draft.create ?? {}} isDisabled={!isCreating} />
    </details>
  );
}

function read(fields: FormData, draft: Draft): Choice {
  const text = (name: string) => String(fields.get(name) ?? '').trim();
  return {
    name: text('name'),
    room: fields.has('room') ? toRoomId(text('room')) : (draft.room ?? ''),
    token: text('token') || undefined,
    create: fields.has('create') ? readRoomOptions(fields, draft.create ?? {}) : undefined,
    isWatching: fields.has('watch'),
  };
}
