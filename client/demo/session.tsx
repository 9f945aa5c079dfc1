import { useEffect, useState } from 'react';
import { useHyperroom } from '../src/react/index.ts';
import { type Address, invitation } from './address.ts';
import { AfterPage } from './after/after-page.tsx';
import { BeforePage } from './before/before-page.tsx';
import { type Choice, type Draft, isWhole } from './before/choice.ts';
import { joinFailure } from './before/failures.ts';
import { JoiningPage, StartingPage, WaitingPage } from './before/patience.tsx';
import { useAttempt } from './before/use-attempt.ts';
import { useOwnMedia } from './before/use-own-media.ts';
import { CallPage } from './call/call-page.tsx';
import { recall, remember } from './remembered.ts';

export interface SessionProps {
  address: Address;
  /** Has the client of the provider above bear another token. */
  setToken: (token: string | undefined) => void;
}

/** One visit: before a call, in it, after it, and before the next. */
export function Session({ address, setToken }: SessionProps) {
  const [draft, setDraft] = useState(() => firstDraft(address));
  /** What to join with; a new object is another attempt. */
  const [choice, setChoice] = useState(() => (address.isAuto && isWhole(draft) ? draft : undefined));
  /** Whether to join without asking for anything. */
  const [isDirect, setDirect] = useState(choice !== undefined);
  const [isInvited, setInvited] = useState(address.room !== undefined);
  const own = useOwnMedia(address.video);
  const joining = useAttempt(choice, own);
  const { status, isOpening } = joining;
  const lasted = useLasted(status === 'joined');
  usePreparation();
  useEffect(() => {
    // Who did not get in, or comes out of a call, may want another room.
    if (status === 'failed' || status === 'ended') setInvited(false);
    if (status === 'failed') setDirect(false);
  }, [status]);

  const attempt = (next: Choice, direct: boolean) => {
    remember({ name: next.name });
    history.replaceState(null, '', invitation(next.room));
    setDirect(direct);
    setToken(next.token);
    setDraft(next);
    setChoice({ ...next });
  };
  const retreat = () => {
    setDirect(false);
    setChoice(undefined);
    joining.reset();
  };
  const goHome = () => {
    history.replaceState(null, '', location.pathname);
    setDraft({ ...draft, room: undefined });
    retreat();
  };

  const { name, room = '' } = draft;
  if (joining.status === 'joined') {
    return <CallPage room={joining.room} media={own.media} link={invitation(joining.room.id)} />;
  }
  if (isDirect && (isOpening || status === 'joining')) return <JoiningPage />;
  if (status === 'waiting') return <WaitingPage name={name} room={room} cancel={retreat} />;
  if (status === 'starting') return <StartingPage name={name} cancel={retreat} />;
  if (joining.status === 'ended') {
    const rejoin = () => attempt({ ...draft, room }, true);
    return <AfterPage ending={joining.ending} room={room} lasted={lasted} rejoin={rejoin} goHome={goHome} />;
  }
  return (
    <BeforePage
      own={own}
      draft={draft}
      isInvited={isInvited}
      isJoining={isOpening || status === 'joining'}
      failure={joining.status === 'failed' && !isOpening ? joinFailure(joining.error, draft) : undefined}
      onJoin={(next) => attempt(next, false)}
    />
  );
}

function firstDraft({ room, name, token, options }: Address): Draft {
  return { room, name: name ?? recall().name, token, create: options, isWatching: false };
}

/** What every join needs is made while somebody still looks at his own picture. */
function usePreparation(): void {
  const client = useHyperroom();
  useEffect(() => {
    // What could not be loaded ahead, the join tries again.
    client.prepare().catch(() => {});
  }, [client]);
}

/** Milliseconds that it was so the last time. */
function useLasted(isSo: boolean): number {
  const [lasted, setLasted] = useState(0);
  useEffect(() => {
    if (!isSo) return undefined;
    const from = Date.now();
    return () => setLasted(Date.now() - from);
  }, [isSo]);
  return lasted;
}
