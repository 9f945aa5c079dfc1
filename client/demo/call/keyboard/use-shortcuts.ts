import { useEffect } from 'react';
import { recall } from '../../remembered.ts';
import type { Call } from '../context.ts';
import { toggleHand, toggleScreen, toggleSource } from '../controls/actions.ts';
import { togglePanel, toggleView } from '../ui.ts';
import { type Action, actionOf, isTyping, takesSpace } from './shortcuts.ts';

const DEEDS: Record<Action, (call: Call) => unknown> = {
  microphone: (call) => toggleSource(call, 'microphone'),
  camera: (call) => toggleSource(call, 'camera'),
  share: (call) => toggleScreen(call),
  hand: (call) => toggleHand(call),
  reactions: ({ ui }) => ui.change({ areReactionsShown: !ui.state.areReactionsShown }),
  chat: ({ ui }) => togglePanel(ui, 'chat'),
  people: ({ ui }) => togglePanel(ui, 'people'),
  view: ({ ui }) => toggleView(ui),
  help: ({ ui }) => ui.change({ isHelpShown: true }),
};

/** The keyboard's part in a call. */
export function useShortcuts(call: Call): void {
  useEffect(() => {
    const over = new AbortController();
    const talk = pushToTalk(call);
    const keyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isBehindDialog()) return;
      if (event.key === 'Escape') return call.ui.change({ panel: undefined });
      if (isTyping(event.target) || !recall().areShortcutsOn) return;
      if (event.key === ' ' && !takesSpace(event.target)) return talk.press(event);
      const action = actionOf(event);
      if (!action) return;
      event.preventDefault();
      DEEDS[action](call);
    };
    addEventListener('keydown', keyDown, over);
    addEventListener('keyup', ({ key }) => key === ' ' && talk.release(), over);
    // A key that is let go in another window is not heard of here.
    addEventListener('blur', talk.release, over);
    return () => {
      talk.release();
      over.abort();
    };
  }, [call]);
}

function isBehindDialog(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

/** Whoever is muted speaks for as long as the key is held. */
function pushToTalk(call: Call) {
  let isTalking = false;
  return {
    press(event: KeyboardEvent): void {
      event.preventDefault();
      if (event.repeat || isTalking || !call.room.localParticipant.isMuted('microphone')) return;
      isTalking = true;
      toggleSource(call, 'microphone');
    },
    release(): void {
      if (!isTalking) return;
      isTalking = false;
      call.attempt(() => call.room.localParticipant.mute('microphone'));
    },
  };
}
