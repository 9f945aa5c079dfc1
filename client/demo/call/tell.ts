import type { Participant } from '../../src/index.ts';
import { SERVICE } from './chat/bubbles.ts';
import type { Call } from './context.ts';
import { isRaised } from './people/hands.ts';
import { EMOJI } from './reactions/reactions.ts';

/** Says what happens in a room that one might miss, until the signal. */
export function tell({ room, ui, toasts, reactions }: Call, signal: AbortSignal): void {
  const { localParticipant: local } = room;
  const on: typeof room.on = (name, listener) => room.on(name, listener, { signal });
  const raised = new Set<Participant>();
  on('participantJoined', ({ name }) => toasts.say(`${name} joined`));
  on('participantLeft', (participant) => {
    raised.delete(participant);
    toasts.say(`${participant.name} left`);
  });
  on('muted', (source, participant, { by }) => {
    if (participant === local && by === 'moderator') toasts.say(`A moderator has muted your ${source}`);
  });
  on('unmuted', (source, participant, { by }) => {
    if (participant === local && by === 'moderator') toasts.say(`A moderator lets you use your ${source} again`);
  });
  on('roleChanged', (participant) => {
    const who = participant === local ? 'You are' : `${participant.name} is`;
    toasts.say(participant.role === 'moderator' ? `${who} a moderator now` : `${who} no moderator any more`);
  });
  on('metadataChanged', (participant) => {
    if (!isRaised(participant.metadata)) return raised.delete(participant);
    if (participant !== local && !raised.has(participant)) toasts.say(`${participant.name} raised a hand`);
    return raised.add(participant);
  });
  on('chatMessage', ({ name, text }) => {
    if (ui.state.panel !== 'chat') toasts.say(`${name ?? SERVICE}: ${text}`);
  });
  signal.addEventListener(
    'abort',
    reactions.follow((emoji, { name }) => toasts.whisper(`${name}: ${EMOJI[emoji]}`)),
  );
}
