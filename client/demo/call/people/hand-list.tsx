import { useHands } from './hands.ts';

/** Whose turn it is. */
export function HandList() {
  const hands = useHands();
  if (hands.length === 0) return null;
  return (
    <section className="pinned" aria-labelledby="hands-title" data-testid="hand-list">
      <h3 id="hands-title">Raised hands</h3>
      <ol className="hands">
        {hands.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ol>
    </section>
  );
}
