import type { Room } from '../src/index.ts';
import type { News } from './news.ts';
import { mayModerate } from './person.ts';

/** Says what happens in a room that one might miss. */
export function tell(room: Room, news: News): void {
  const { localParticipant: local } = room;
  const waiting = new Set<string>();
  room.on('participantJoined', ({ name }) => news.say(`${name} joined`));
  room.on('participantLeft', ({ name }) => news.say(`${name} left`));
  room.on('muted', (source, participant, { by }) => {
    if (participant === local && by === 'moderator') news.say(`A moderator has muted your ${source}`);
  });
  room.on('roleChanged', (participant) => {
    const who = participant === local ? 'You are' : `${participant.name} is`;
    news.say(participant.role === 'moderator' ? `${who} a moderator now` : `${who} no moderator any more`);
  });
  room.on('waitingChanged', () => {
    if (!mayModerate(room)) return;
    for (const { id, name } of room.waiting.values()) if (!waiting.has(id)) news.say(`${name} asks to be let in`);
    waiting.clear();
    for (const id of room.waiting.keys()) waiting.add(id);
  });
}
