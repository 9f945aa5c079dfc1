import type { ObjectUpdate, Room } from '@hyperroom/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { disagreement, type Witness } from './agreement.ts';
import { publicationsOf, Receivers } from './client/receivers.ts';
import { aParticipant, aRoom } from './client/room.testing.ts';
import { RoomReplica } from './client/room-replica.ts';
import { offerToPublish, offerToReceive } from './client/sdp.ts';

const KINDS = ['audio', 'video'] as const;

/** Somebody who publishes, and has one connection to receive the other. */
class Somebody implements Witness {
  readonly id: string;
  readonly replica = new RoomReplica();
  readonly receivers = new Receivers();
  readonly offer = offerToPublish(KINDS);
  readonly offerToReceive = offerToReceive();
  readonly publications: Witness['publications'];

  constructor(id: string, room: Room) {
    this.id = id;
    this.publications = new Map([['main', { url: this.#url('out'), kinds: KINDS, offer: this.offer }]]);
    this.replica.load(room);
    this.receivers.add(this.#url('in'), this.offerToReceive);
  }

  get name(): string {
    return this.id;
  }

  get others(): Witness['others'] {
    return publicationsOf(this.replica.room.data).filter((publication) => !publication.startsWith(this.id));
  }

  isTold(peer: Somebody): void {
    this.receivers.take({ url: this.#url('in'), peer: `hyperty://d/${peer.id}`, publication: 'main' }, 2);
  }

  #url(direction: string): string {
    return `connection://d/${this.id}-${direction}`;
  }
}

const room = aRoom(2, { participants: { ada: aParticipant('ada', ['main']), bob: aParticipant('bob', ['main']) } });
const update: ObjectUpdate = { version: 4, source: room.reporter, attribute: 'metadata', value: {} };

let ada: Somebody;
let bob: Somebody;
beforeEach(() => {
  [ada, bob] = [new Somebody('ada', room), new Somebody('bob', room)];
  ada.isTold(bob);
  bob.isTold(ada);
});

const fed = (to: Somebody, { offer }: Somebody, changes: object = {}) => ({
  to: to.offerToReceive.ufrag,
  audio: offer.ufrag,
  video: offer.ufrag,
  ...changes,
});

const feeds = () => [fed(ada, bob), fed(bob, ada)];

describe('disagreement', () => {
  it('is none where all know, are shown and have the same', () => {
    expect(disagreement([ada, bob], feeds())).toBeUndefined();
  });

  it('is a version that somebody lacks', () => {
    bob.replica.apply(update);
    ada.replica.apply({ ...update, version: 3 });
    expect(disagreement([ada, bob], feeds())).toBe('bob knows version 2 of 3, and already 4 of later ones');
  });

  it('is a publication that has not arrived, or is too much', () => {
    const carol = new Somebody('carol', room);
    expect(disagreement([ada, bob, carol], feeds())).toBe('carol/main has not arrived');
    expect(disagreement([ada], feeds())).toBe('the room has 2 publications, not 1');
  });

  it('is somebody who is shown too little', () => {
    const blind = new Somebody('bob', room);
    expect(disagreement([blind, ada], feeds())).toBe('bob is shown 0 of 1 publications');
  });

  it('is somebody who is told of what does not reach him, in all its kinds', () => {
    const message = 'bob has been told that it is shown ada/main, and is not';
    expect(disagreement([ada, bob], [fed(ada, bob)])).toBe(message);
    expect(disagreement([ada, bob], [fed(ada, bob), fed(bob, ada, { audio: undefined })])).toBe(message);
    expect(disagreement([ada, bob], [fed(ada, bob), fed(bob, bob)])).toBe(message);
  });
});
