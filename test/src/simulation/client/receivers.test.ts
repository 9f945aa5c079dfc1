import type { PublicationName } from '@hyperroom/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Answer } from '../engine/answer.ts';
import { Receivers } from './receivers.ts';
import { aParticipant, aRoom } from './room.testing.ts';
import { offerToReceive } from './sdp.ts';

const ADA = 'hyperty://d/ada';
const URL = 'connection://d/1';

const withAda = (version: number, ...names: PublicationName[]) =>
  aRoom(version, { participants: { ada: aParticipant('ada', names) } });

let receivers: Receivers;
const offer = offerToReceive();
const connectionDescription = { type: 'answer' as const, sdp: new Answer(offer.sdp, '00').sdp(true) };
beforeEach(() => {
  receivers = new Receivers();
  receivers.add(URL, offer);
});

describe('receiving connections', () => {
  it('show what they are told to', () => {
    receivers.take({ url: URL, peer: null, connectionDescription }, 3);
    expect(receivers.showing).toEqual([]);
    receivers.take({ url: URL, peer: ADA, publication: 'main' }, 4);
    expect(receivers.showing).toEqual([{ publication: 'ada/main', ufrag: offer.ufrag }]);
    receivers.take({ url: URL, peer: ADA, publication: 'screen' }, 5);
    expect(receivers.showing).toEqual([{ publication: 'ada/screen', ufrag: offer.ufrag }]);
    expect(receivers.faults).toEqual([]);
  });

  it('are closed with what they show, but not by a room older than that', () => {
    receivers.take({ url: URL, peer: ADA, publication: 'screen', connectionDescription }, 4);
    receivers.prune(withAda(3, 'main'));
    receivers.prune(withAda(4, 'main', 'screen'));
    expect(receivers.size).toBe(1);
    receivers.prune(withAda(5, 'main'));
    expect(receivers.size).toBe(0);
  });

  it('are of no use after an error', () => {
    receivers.take({ url: URL, error: 'not so' }, 4);
    expect(receivers.size).toBe(0);
  });

  it('are offered where publications are wanted that none can show, up to the last N', () => {
    expect([1, 2, 4, 40].map((wanted) => receivers.missing(wanted, 7))).toEqual([0, 5, 6, 6]);
  });

  it('find fault with a second answer, one of other sections, and half a binding', () => {
    receivers.take({ url: URL, connectionDescription }, 1);
    receivers.take({ url: URL, connectionDescription }, 2);
    receivers.add('connection://d/2', offerToReceive());
    const silent = { type: 'answer' as const, sdp: connectionDescription.sdp.replace('m=video 9', 'm=video 0') };
    receivers.take({ url: 'connection://d/2', connectionDescription: silent }, 3);
    receivers.take({ url: URL, peer: ADA }, 4);
    expect(receivers.faults).toEqual([
      `${URL} was answered twice`,
      expect.stringContaining('connection://d/2 was answered with v=0'),
      `${URL} shows something of ${ADA}`,
    ]);
  });
});
