import { useEffect, useRef } from 'react';
import { IconButton } from '../../parts/icon-button.tsx';
import { useCall } from '../context.ts';
import { useStored } from '../store.ts';
import { EMOJI, isEmoji } from './reactions.ts';

const ALL = Object.keys(EMOJI).filter(isEmoji);

/** A button, and above it what one can react with. It stays open: applause is rarely one clap. */
export function ReactionMenu() {
  const { ui } = useCall();
  const isShown = useStored(ui, (state) => state.areReactionsShown);
  const box = useRef<HTMLDivElement>(null);
  const set = (areReactionsShown: boolean) => ui.change({ areReactionsShown });

  useEffect(() => {
    if (!isShown) return;
    const elsewhere = ({ target }: Event) => {
      if (target instanceof Node && !box.current?.contains(target)) ui.change({ areReactionsShown: false });
    };
    addEventListener('pointerdown', elsewhere);
    addEventListener('focusin', elsewhere);
    return () => {
      removeEventListener('pointerdown', elsewhere);
      removeEventListener('focusin', elsewhere);
    };
  }, [isShown, ui]);

  return (
    <div className="reactions" ref={box}>
      {isShown && <Choice onDone={() => box.current?.querySelector<HTMLElement>('[aria-expanded]')?.focus()} />}
      <IconButton
        icon="smile"
        label="Send a reaction"
        isExpanded={isShown}
        testid="reactions"
        onClick={() => set(!isShown)}
      />
    </div>
  );
}

function Choice({ onDone }: { onDone: () => void }) {
  const { ui, reactions, attempt } = useCall();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus({ preventScroll: true }), []);
  const keyDown = (event: { key: string; stopPropagation: () => void; currentTarget: HTMLElement }) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      ui.change({ areReactionsShown: false });
      onDone();
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) focusBeside(event.currentTarget, step);
  };
  return (
    <div className="reactions-menu" role="toolbar" aria-label="Reactions" onKeyDown={keyDown}>
      {ALL.map((emoji, index) => (
        <button
          key={emoji}
          type="button"
          ref={index === 0 ? first : undefined}
          aria-label={EMOJI[emoji]}
          title={EMOJI[emoji]}
          data-testid="react"
          onClick={() => attempt(() => reactions.send(emoji))}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

function focusBeside(toolbar: HTMLElement, step: number): void {
  const buttons: (Element | null)[] = [...toolbar.querySelectorAll('button')];
  const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
  if (next instanceof HTMLElement) next.focus();
}
