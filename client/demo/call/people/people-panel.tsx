import type { KeyboardEvent } from 'react';
import { useParticipants } from '../../../src/react/index.ts';
import { HandList } from './hand-list.tsx';
import { Person } from './person.tsx';
import { useMayModerate } from './role.ts';
import { WaitingList } from './waiting-list.tsx';

/** Who is here. Who asks for something stands below, where it comes and goes without moving the others. */
export function PeoplePanel() {
  const people = useParticipants();
  const mayModerate = useMayModerate();
  return (
    <div className="panel-body people-panel">
      <ul className="people scroller" aria-label="Participants" onKeyDown={moveAlong}>
        {people.map((participant) => (
          <Person key={participant.id} participant={participant} />
        ))}
      </ul>
      <HandList />
      {mayModerate && <WaitingList />}
    </div>
  );
}

/** The arrow keys lead from one participant's options to the next one's. */
function moveAlong(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined) return;
  const rows: (Element | null)[] = [...event.currentTarget.querySelectorAll('[data-row]')];
  const next = rows[rows.indexOf(document.activeElement) + step];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
