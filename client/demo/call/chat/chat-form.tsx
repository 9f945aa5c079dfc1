import { type FormEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { useChat, useRemoteParticipants } from '../../../src/react/index.ts';
import { Button } from '../../parts/button.tsx';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';

const EVERYONE = '';

/** What is written outlives the panel; whom it is for, as long as they are there. */
export function ChatForm() {
  const { ui, attempt } = useCall();
  const { send } = useChat();
  const others = useRemoteParticipants();
  const draft = useStored(ui, (state) => state.draft);
  const addressee = useStored(ui, (state) => state.addressee);
  const text = useRef<HTMLTextAreaElement>(null);
  const to = others.find(({ id }) => id === addressee)?.id;
  useEffect(() => text.current?.focus({ preventScroll: true }), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const words = draft.trim();
    if (words === '') return;
    ui.change({ draft: '' });
    const isSent = await attempt(() => send(words, to === undefined ? {} : { to: [to] }));
    // What could not be sent is not lost.
    if (!isSent && ui.state.draft === '') ui.change({ draft: words });
  };
  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <form className="chat-form" onSubmit={submit}>
      <label className="line">
        To
        <select
          value={to ?? EVERYONE}
          data-testid="chat-to"
          onChange={({ currentTarget: { value } }) => ui.change({ addressee: value === EVERYONE ? undefined : value })}
        >
          <option value={EVERYONE}>Everyone</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name} only
            </option>
          ))}
        </select>
      </label>
      <div className="line">
        <textarea
          ref={text}
          rows={1}
          maxLength={2000}
          placeholder="Write something"
          aria-label="Message"
          data-testid="chat-text"
          value={draft}
          onInput={({ currentTarget }) => ui.change({ draft: currentTarget.value })}
          onKeyDown={keyDown}
        />
        <Button look="primary" isSmall type="submit" testid="chat-send">
          Send
        </Button>
      </div>
    </form>
  );
}
