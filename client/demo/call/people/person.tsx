import { memo, useId, useState } from 'react';
import type { Participant, Quality, RemoteParticipant } from '../../../src/index.ts';
import { type ParticipantView, useParticipant, useQuality } from '../../../src/react/index.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { Button } from '../../parts/button.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import { mutedBy } from '../words.ts';
import { isRaised } from './hands.ts';
import { moderatorActions, ownActions } from './person-actions.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { useMayModerate } from './role.ts';

/** Somebody in the list of participants, and what can be done about him. */
export const Person = memo(function Person({ participant }: { participant: Participant }) {
  const { room } = useCall();
  const view = useParticipant(participant);
  const quality = useQuality(participant);
  const [isOpen, setOpen] = useState(false);
  const options = useId();
  const { name } = view;
  const remote = room.participants.get(view.id);
  return (
    <li className="person" data-testid="person" data-person={name}>
      <div className="person-head">
        <Avatar name={name} />
        <div>
          <strong>{view.isLocal ? `${name} (you)` : name}</strong>
          <span className="person-state">{stateOf(view, quality)}</span>
        </div>
        {remote && (
          <IconButton
            look="bare"
            icon="more"
            label={`Options for ${name}`}
            isExpanded={isOpen}
            aria-controls={isOpen ? options : undefined}
            data-row
            onClick={() => setOpen(!isOpen)}
          />
        )}
      </div>
      {remote && isOpen && <Options id={options} participant={remote} view={view} />}
    </li>
  );
});

interface OptionsProps {
  id: string;
  participant: RemoteParticipant;
  view: ParticipantView;
}

function Options({ id, participant, view }: OptionsProps) {
  const call = useCall();
  const mayModerate = useMayModerate();
  const [isRemoving, setRemoving] = useState(false);
  useStored(call.ui, ({ pinned }) => pinned === participant.id);
  const about = { call, participant, view };
  const actions = [...ownActions(about), ...(mayModerate ? moderatorActions(about) : [])];
  return (
    <div className="person-actions" id={id}>
      {actions.map(({ testid, label, act }) => (
        <Button key={testid} isSmall testid={testid} onClick={act}>
          {label}
        </Button>
      ))}
      {mayModerate && (
        <Button isSmall look="danger" testid="remove" aria-haspopup="dialog" onClick={() => setRemoving(true)}>
          Remove…
        </Button>
      )}
      {isRemoving && <RemoveDialog participant={participant} onClose={() => setRemoving(false)} />}
    </div>
  );
}

/** Everything about somebody that the pictures show as badges, in words. */
function stateOf(view: ParticipantView, quality: Quality): string {
  const { role, status, publications, metadata } = view;
  const mutings = (['microphone', 'camera', 'screen'] as const).flatMap((source) => {
    const by = mutedBy(view, source);
    if (!by) return [];
    return by === 'self' ? `${source} off` : `${source} muted by a moderator`;
  });
  const words = [
    role === 'moderator' && 'moderator',
    status === 'disconnected' && 'reconnecting',
    Object.keys(publications).length === 0 && 'only watches',
    publications.screen && 'shares a screen',
    ...mutings,
    isRaised(metadata) && 'hand raised',
    (quality === 'poor' || quality === 'lost') && `connection ${quality}`,
  ];
  return words.filter(Boolean).join(' · ');
}
