import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import type { Reaction } from './reactions.ts';

/** What a participant reacts with, over its picture. */
export function Flying({ from }: { from: string }) {
  const { reactions } = useCall();
  const flying = useStored(reactions.store, (state) => state.flying);
  return flying
    .filter((reaction) => reaction.from === from)
    .map((reaction) => <Emoji key={reaction.id} {...reaction} />);
}

function Emoji({ id, emoji }: Reaction) {
  // Beside each other, so that three at a time are three.
  const style = { left: `${22 + ((id * 37) % 48)}%` };
  return (
    <span className="flying" style={style} aria-hidden="true" data-testid="reaction">
      {emoji}
    </span>
  );
}
