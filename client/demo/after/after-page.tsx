import type { Ending } from '../../src/react/index.ts';
import { Button } from '../parts/button.tsx';
import { Screen } from '../parts/screen.tsx';
import { useFocus } from '../parts/use-focus.ts';
import { durationOf } from './duration.ts';
import { FAREWELLS } from './farewells.ts';

export interface AfterPageProps {
  ending: Ending;
  room: string;
  /** Milliseconds. */
  lasted: number;
  rejoin: () => void;
  goHome: () => void;
}

/** The page after the call: why it is over, and what may come next. */
export function AfterPage({ ending: { reason, description }, room, lasted, rejoin, goHome }: AfterPageProps) {
  const { title, text, mayRejoin } = FAREWELLS[reason];
  const next = useFocus<HTMLButtonElement>();
  return (
    <Screen title={title}>
      <div
        className="statement"
        role={reason === 'left' ? 'status' : 'alert'}
        data-testid="after-call"
        data-reason={reason}
      >
        <h1>{title}</h1>
        <p className="lead">{text}</p>
        {description !== undefined && <blockquote>{description}</blockquote>}
        <p className="lasted" data-testid="lasted">
          You were in “{room}” for {durationOf(lasted)}.
        </p>
        <div className="actions">
          {mayRejoin && (
            <Button ref={next} look="primary" testid="rejoin" onClick={rejoin}>
              Rejoin
            </Button>
          )}
          <Button ref={mayRejoin ? undefined : next} icon="home" testid="new-room" onClick={goHome}>
            Back to start
          </Button>
        </div>
      </div>
    </Screen>
  );
}
