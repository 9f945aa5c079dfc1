import { memo, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useChat, useParticipants } from '../../../src/react/index.ts';
import { useCall } from '../context.ts';
import { type Bubble, bubblesOf } from './bubbles.ts';
import { ChatForm } from './chat-form.tsx';
import { pieces } from './links.ts';

/** What is written: to everyone, or to one. */
export function ChatPanel() {
  const { room, toasts } = useCall();
  const { messages, unread, markRead } = useChat();
  // Who is there has a name: somebody else was somebody.
  const people = useParticipants();
  const bubbles = useMemo(() => people && bubblesOf(messages, room), [messages, room, people]);
  const log = useRef<HTMLDivElement>(null);
  const count = messages.length;
  useEffect(() => toasts.clear(), [toasts]);
  useLayoutEffect(() => {
    if (count > 0) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [count]);
  useEffect(() => {
    if (unread > 0) markRead();
  }, [unread, markRead]);
  return (
    <div className="panel-body chat">
      <div
        className="messages"
        ref={log}
        role="log"
        aria-label="Messages"
        tabIndex={count > 0 ? 0 : -1}
        data-testid="messages"
      >
        <ol>
          {bubbles.map((bubble) => (
            <Line key={bubble.message.id} {...bubble} />
          ))}
        </ol>
      </div>
      <ChatForm />
    </div>
  );
}

const Line = memo(function Line({ message, isOwn, heading }: Bubble) {
  const { text, sent, to } = message;
  const time = sent.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <li
      className="message"
      data-own={isOwn || undefined}
      data-private={to !== undefined || undefined}
      data-first={heading !== undefined || undefined}
      data-testid="message"
    >
      {heading !== undefined && (
        <span className="message-head">
          <strong>{heading}</strong> <time dateTime={sent.toISOString()}>{time}</time>
        </span>
      )}
      <span className="message-text" title={time}>
        {pieces(text).map(({ at, text: words, href }) =>
          href === undefined ? (
            words
          ) : (
            <a key={at} href={href} target="_blank" rel="noopener noreferrer nofollow">
              {words}
            </a>
          ),
        )}
      </span>
    </li>
  );
});
