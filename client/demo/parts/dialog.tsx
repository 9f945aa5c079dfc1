import { type PointerEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  title: string;
  /** Is to take the dialog away: Escape, a press beside it, or its close button. */
  onClose: () => void;
  children: ReactNode;
  testid?: string;
}

/** Something that is to be seen to first, while it is there. The keyboard stays in it, and returns to where it was. */
export function Dialog({ title, onClose, children, testid }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // What is taken out of the document without being closed would leave the focus nowhere.
    return () => element?.close();
  }, []);
  const pressed = ({ target, currentTarget }: PointerEvent) => {
    if (target === currentTarget) onClose();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      data-testid={testid}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={pressed}
    >
      <div className="dialog-content">
        <header>
          <h2 id={titleId}>{title}</h2>
          <IconButton look="bare" icon="close" label="Close" testid="dialog-close" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
