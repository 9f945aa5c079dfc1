import { type FormEvent, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useCall } from '../context.ts';
import { ReasonField, reasonIn } from '../reason-field.tsx';

/** Asks once more, so that one slip does not end everybody's call. */
export function EndForAll() {
  const { room, attempt } = useCall();
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = reasonIn(event.currentTarget);
    close();
    attempt(() => room.moderation.end(reason));
  };
  return (
    <>
      <Button look="danger" testid="end-for-everyone" aria-haspopup="dialog" onClick={() => setAsking(true)}>
        End the call for everyone…
      </Button>
      {isAsking && (
        <Dialog title="End the call for everyone?" onClose={close} testid="end-dialog">
          <form className="stack" onSubmit={submit}>
            <p className="lead">Everybody leaves the call at once, and is told why if you say so.</p>
            <ReasonField label="Why the room ends" testid="end-reason" />
            <div className="dialog-actions">
              <Button onClick={close}>Cancel</Button>
              <Button look="danger" type="submit" testid="end">
                End the call
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
