import { Avatar } from '../parts/avatar.tsx';
import { Button } from '../parts/button.tsx';
import { Screen } from '../parts/screen.tsx';
import { useFocus } from '../parts/use-focus.ts';

/** On the way into a room, without anything to choose. */
export function JoiningPage() {
  return (
    <Screen title="Joining">
      <p className="statement lead" role="status">
        <span className="spinner" aria-hidden="true" />
        Joining…
      </p>
    </Screen>
  );
}

/** The page of who has to be let in. */
export function WaitingPage({ name, room, cancel }: { name: string; room: string; cancel: () => void }) {
  return (
    <Patience
      testid="waiting"
      name={name}
      what="Waiting for somebody to let you in…"
      why={`A moderator of “${room}” has been told that you are here.`}
      cancel={cancel}
    />
  );
}

/** The page of who comes first after a while in which nobody has been there. */
export function StartingPage({ name, cancel }: { name: string; cancel: () => void }) {
  return (
    <Patience
      testid="starting"
      name={name}
      what="Media is starting…"
      why="Nobody has met here for a while, so a media server starts for you: that takes a minute or two."
      cancel={cancel}
    />
  );
}

interface PatienceProps {
  testid: string;
  name: string;
  what: string;
  why: string;
  cancel: () => void;
}

function Patience({ testid, name, what, why, cancel }: PatienceProps) {
  const button = useFocus<HTMLButtonElement>();
  return (
    <Screen title="Waiting">
      <div className="statement" role="status" data-testid={testid}>
        <span className="waiting-avatar">
          <Avatar name={name} />
        </span>
        <h1>{what}</h1>
        <p className="lead">{why}</p>
        <div className="actions">
          <Button ref={button} testid="cancel" onClick={cancel}>
            Cancel
          </Button>
        </div>
      </div>
    </Screen>
  );
}
