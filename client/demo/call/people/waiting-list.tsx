import { useWaiting } from '../../../src/react/index.ts';
import { Button } from '../../parts/button.tsx';
import { useCall } from '../context.ts';

/** Who asks to be let in. */
export function WaitingList() {
  const { room, attempt } = useCall();
  const waiting = useWaiting();
  if (waiting.length === 0) return null;
  const { moderation } = room;
  return (
    <section className="pinned" data-testid="waiting-list" aria-labelledby="waiting-title">
      <header className="line">
        <h3 id="waiting-title">Waiting to be let in</h3>
        {waiting.length > 1 && (
          <Button isSmall testid="admit-all" onClick={() => attempt(() => admitAll(moderation, waiting))}>
            Let all in
          </Button>
        )}
      </header>
      <ul className="people">
        {waiting.map(({ id, name }) => (
          <li key={id} className="line" data-testid="waiting-person" data-person={name}>
            <strong>{name}</strong>
            <Button isSmall look="danger" testid="refuse" onClick={() => attempt(() => moderation.refuse(id))}>
              Refuse<Hidden>{name}</Hidden>
            </Button>
            <Button isSmall look="primary" testid="admit" onClick={() => attempt(() => moderation.admit(id))}>
              Let in<Hidden>{name}</Hidden>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of several buttons with the same words, screen readers tell which is whose. */
function Hidden({ children }: { children: string }) {
  return <span className="visually-hidden"> {children}</span>;
}

interface Admits {
  admit(id: string): Promise<void>;
}

/** One after the other, so that whoever asked first is in first. */
export async function admitAll(moderation: Admits, waiting: readonly { id: string }[]): Promise<void> {
  for (const { id } of waiting) await moderation.admit(id);
}
