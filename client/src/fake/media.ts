import { publicationsOf, type RoomState } from '@hyperroom/functions/src/conference/room-state.ts';
import { entryOf } from '@hyperroom/functions/src/conference/rules/outcome.ts';
import type { Connection, ConnectionAnswer, PublicationName, Subscriptions } from '@hyperroom/protocol';
import { describe, type FakePeerConnection, nameIn, type Subject } from './peer-connection.ts';

/** A connection that somebody offered. */
interface Leg {
  readonly peer: FakePeerConnection | undefined;
  /** Of a receiving one: what it shows. */
  shown: string | undefined;
}

/** What somebody wants who has said nothing. */
const EVERYTHING: Subscriptions = { revision: 0, auto: true, choices: [] };

/** What a participant has at the media server. */
interface Holdings {
  wishes: Subscriptions;
  readonly receiving: Map<string, Leg>;
}

/** What somebody publishes, as others may receive it. */
interface Published extends Subject {
  readonly key: string;
  readonly owner: string;
  readonly since: number;
}

/** The media of one life of a room. */
export class RoomMedia {
  readonly #holdings = new Map<string, Holdings>();
  readonly #find: (name: string) => FakePeerConnection | undefined;

  /** @param find the peer connection that calls itself so. */
  constructor(find: (name: string) => FakePeerConnection | undefined) {
    this.#find = find;
  }

  /** Answers offers; whom they show is not decided yet. */
  answer(participant: string, connections: readonly Connection[]): ConnectionAnswer[] {
    const { receiving } = this.#holdingsOf(participant);
    return connections.map(({ url, data }) => {
      const { direction, publication = 'main', replaces, connectionDescription } = data;
      const peer = this.#find(nameIn(connectionDescription.sdp));
      if (direction === 'publish') {
        if (peer) peer.subject = { participant, publication };
      } else {
        receiving.set(url, { peer, shown: receiving.get(replaces ?? '')?.shown });
        receiving.delete(replaces ?? '');
      }
      return { url, connectionDescription: { type: 'answer', sdp: describe(url, [{ kind: 'audio', codecs: [] }]) } };
    });
  }

  wish(participant: string, subscriptions: Subscriptions | undefined): void {
    const holdings = this.#holdingsOf(participant);
    if (subscriptions && subscriptions.revision > holdings.wishes.revision) holdings.wishes = subscriptions;
  }

  /** Shows each participant what it should see; returns what that changes, by participant. */
  show(room: RoomState): Map<string, ConnectionAnswer[]> {
    for (const id of this.#holdings.keys()) if (!entryOf(room.members, id)) this.#holdings.delete(id);
    const published = publishedIn(room);
    return new Map([...this.#holdings].map(([id, holdings]) => [id, showTo(id, holdings, room, published)]));
  }

  #holdingsOf(participant: string): Holdings {
    const known = this.#holdings.get(participant) ?? { wishes: EVERYTHING, receiving: new Map() };
    this.#holdings.set(participant, known);
    return known;
  }
}

function showTo(id: string, { wishes, receiving }: Holdings, room: RoomState, published: readonly Published[]) {
  const wanted = wantedBy(id, wishes, room, published);
  const legs = [...receiving.entries()];
  const taken = new Set(legs.map(([, { shown }]) => shown));
  const missing = wanted.filter(({ key }) => !taken.has(key));
  const isWanted = (leg: Leg) => wanted.some(({ key }) => key === leg.shown);
  const answers: ConnectionAnswer[] = [];
  for (const [url, leg] of legs) {
    if (isWanted(leg)) {
      const present = wanted.find(({ key }) => key === leg.shown);
      // Where it took over from another connection, its peer has yet to be told.
      if (present && !leg.peer?.subject) answers.push(bind(url, leg, present));
      continue;
    }
    const next = missing.shift();
    if (next) answers.push(bind(url, leg, next));
    else if (leg.shown) {
      receiving.delete(url);
      // It shows nothing for the participant to find out about unless what it showed is there still.
      if (published.some(({ key }) => key === leg.shown)) answers.push({ url, error: 'not wanted any more' });
    }
  }
  return answers;
}

function bind(url: string, leg: Leg, { key, owner, participant, publication }: Published): ConnectionAnswer {
  leg.shown = key;
  if (leg.peer) leg.peer.subject = { participant, publication };
  return { url, peer: owner, publication };
}

/** The most important first, no more than the room's `lastN`. */
function wantedBy(id: string, wishes: Subscriptions, room: RoomState, published: readonly Published[]): Published[] {
  if (!entryOf(room.members, id)?.subscribes) return [];
  const choiceOf = ({ participant, publication }: Published) =>
    wishes.choices.find((choice) => choice.participant === participant && choice.publication === publication);
  const eligible = published.filter((each) => each.participant !== id && (choiceOf(each)?.subscribed ?? wishes.auto));
  const rank = (each: Published) => (choiceOf(each)?.subscribed ? 0 : 1);
  return eligible.toSorted((a, b) => rank(a) - rank(b)).slice(0, room.options.lastN);
}

/** Screens, then whoever spoke last, then whoever has been there for longest. */
function publishedIn({ members, speakers }: RoomState): Published[] {
  const all = Object.entries(members).flatMap(([participant, member]) =>
    publicationsOf(member).map(([publication, { since }]) => {
      const key = `${participant} ${member.admitted} ${publication}`;
      return { key, participant, publication, since, owner: member.hypertyURL };
    }),
  );
  const rank = ({ publication, participant }: { publication: PublicationName; participant: string }) => {
    const spoke = speakers.indexOf(participant);
    return publication === 'screen' ? -1 : spoke < 0 ? speakers.length : spoke;
  };
  return all.sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}
