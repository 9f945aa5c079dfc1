import { useState } from 'react';
import type { LocalMedia } from '../../src/devices/index.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { adviceOf, summaryOf, type Trouble } from './trouble.ts';

/** Says what is wrong with one's devices, and on demand what to do. */
export function TroubleHelp({ media, trouble }: { media: LocalMedia; trouble: Trouble }) {
  const [isOpen, setOpen] = useState(false);
  const tryAgain = () => {
    setOpen(false);
    void media.open(...trouble.sources);
  };
  return (
    <div className="trouble">
      <p role="status" data-testid="device-trouble" data-status={trouble.status}>
        <Icon name="warning" />
        {summaryOf(trouble)}
      </p>
      <Button isSmall testid="device-help" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        What to do
      </Button>
      {isOpen && (
        <Dialog title={summaryOf(trouble)} testid="device-dialog" onClose={() => setOpen(false)}>
          <ol className="advice">
            {adviceOf(trouble, navigator.userAgent).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p className="lead">You can join without, too: you see and hear the others.</p>
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>Close</Button>
            <Button look="primary" testid="try-again" onClick={tryAgain}>
              Try again
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
