import { useState } from 'react';
import type { WaitingParticipant } from '../../src/index.ts';
import { useWaiting } from '../../src/react/index.ts';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useCall } from './context.ts';
import { useMayModerate } from './people/role.ts';
import { admitAll } from './people/waiting-list.tsx';
import { useStored } from './store.ts';
import { listed } from './words.ts';

/** Tells moderators of who asks to be let in, for as long as it takes; the list of participants tells it as well. */
export function Knock() {
  const { ui } = useCall();
  const waiting = useWaiting();
  const mayModerate = useMayModerate();
  const isListed = useStored(ui, ({ panel }) => panel === 'people');
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const asking = mayModerate && !isListed ? waiting.filter(({ id }) => !dismissed.has(id)) : [];
  const dismiss = () => setDismissed(new Set(waiting.map(({ id }) => id)));
  return (
    <div className="knocks" role="status">
      {asking.length > 0 && <Card asking={asking} onDismiss={dismiss} />}
    </div>
  );
}

function Card({ asking, onDismiss }: { asking: readonly WaitingParticipant[]; onDismiss: () => void }) {
  const { room, ui, attempt } = useCall();
  const names = listed(asking.map(({ name }) => name));
  const isOne = asking.length === 1;
  return (
    <div className="knock" data-testid="knock">
      <p>
        <strong>{names}</strong> {isOne ? 'asks' : 'ask'} to be let in
      </p>
      <div className="line">
        <Button isSmall testid="knock-show" onClick={() => ui.change({ panel: 'people' })}>
          Show
        </Button>
        <Button
          isSmall
          look="primary"
          testid="knock-admit"
          onClick={() => attempt(() => admitAll(room.moderation, asking))}
        >
          {isOne ? 'Let in' : 'Let all in'}
        </Button>
        <IconButton look="bare" icon="close" label="Not now" onClick={onDismiss} />
      </div>
    </div>
  );
}
