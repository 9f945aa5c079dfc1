import type { FormEvent } from 'react';
import type { RemoteParticipant } from '../../../src/index.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useCall } from '../context.ts';
import { ReasonField, reasonIn } from '../reason-field.tsx';

export interface RemoveDialogProps {
  participant: RemoteParticipant;
  onClose: () => void;
}

/** Asks once more, and what to tell: who is removed may not join again. */
export function RemoveDialog({ participant: { id, name }, onClose }: RemoveDialogProps) {
  const { room, attempt } = useCall();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = reasonIn(event.currentTarget);
    onClose();
    attempt(() => room.moderation.remove(id, reason));
  };
  return (
    <Dialog title={`Remove ${name}?`} onClose={onClose} testid="remove-dialog">
      <form className="stack" onSubmit={submit}>
        <p className="lead">{name} leaves the call at once, and cannot come back to this room.</p>
        <ReasonField label={`Why ${name} has to go`} testid="remove-reason" />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" testid="confirm-remove">
            Remove
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
