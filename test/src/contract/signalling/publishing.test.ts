import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aConnection, aMediaReport, participant } from './joins.ts';
import { at, type MediaNode, type Signalling, startSignalling, WAIT } from './signalling.ts';

/* What a participant changes of itself. */

let signalling: Signalling;
let node: MediaNode;
beforeAll(async () => {
  signalling = await startSignalling(13);
  node = await signalling.mediaNode();
});
afterAll(() => signalling.close());

const aScreen = (name: string) => aConnection(at.hyperty(name), `${name}-screen`, 'publish', { publication: 'screen' });

describe('a publication', () => {
  it('is added, connected and taken back', async () => {
    const room = at.room('share');
    const ada = await participant(signalling, node, 'share-ada', 'share');
    const bob = await participant(signalling, node, 'share-bob', 'share');
    const answered = ada.update({ connections: [aScreen('share-ada')] }, 'screen');
    const command = await node.update('screen');
    expect(command.roster.participants['share-ada']?.publications.screen).toEqual({
      connection: at.connection('share-ada-screen'),
      kinds: ['audio', 'video'],
      blocked: [],
      since: 3,
    });
    await node.acknowledge(command);
    expect((await answered).body).toMatchObject({ code: 200, version: 3 });
    const screen = { publication: 'screen', connection: at.connection('share-ada-screen') };
    await node.report(aMediaReport(await node.join('share-ada'), screen));
    const shown = (at: number) => bob.peer.updates(room)[at]?.body;
    await vi.waitFor(() => {
      expect(shown(0)).toMatchObject({ value: { publications: { screen: { sources: ['screen'] } } } });
      expect(shown(1)).toMatchObject({ version: 4, value: { publications: { screen: { media: 'connected' } } } });
    }, WAIT);
    const answer = await ada.update({ unpublish: ['screen'] });
    expect(answer.body).toEqual({ code: 200, resource: room, version: 5, connections: [] });
    await vi.waitFor(() => {
      expect(Object.keys(node.roster(room)?.participants['share-ada']?.publications ?? {})).toEqual(['main']);
    }, WAIT);
  });

  it('that the media server could not answer is taken back, if it is still the one', async () => {
    const room = at.room('failing');
    const ada = await participant(signalling, node, 'failing-ada', 'failing');
    const join = await node.join('failing-ada');
    const unpublished = { ...aMediaReport(join), report: 'unpublished', media: undefined };
    await node.report({ ...unpublished, connection: at.connection('an-earlier-one') });
    expect((await ada.read()).data.participants['failing-ada']?.publications).toHaveProperty('main');
    await node.report(unpublished);
    await vi.waitFor(() => expect(node.roster(room)?.participants['failing-ada']?.publications).toEqual({}), WAIT);
    expect((await ada.read()).data.participants['failing-ada']?.publications).toEqual({});
  });
});

describe('a participant', () => {
  it('mutes itself and describes itself in one change, which does not concern the media node', async () => {
    const room = at.room('mute');
    const ada = await participant(signalling, node, 'mute-ada', 'mute', { muted: ['camera'], metadata: { a: '1' } });
    const bob = await participant(signalling, node, 'mute-bob', 'mute');
    const commands = node.commands().length;
    const answer = await ada.update({ muted: ['microphone'], metadata: { hand: 'up', a: null } });
    expect(answer.body).toMatchObject({ code: 200, version: 3 });
    await vi.waitFor(() => {
      const value = { muted: ['microphone'], metadata: { hand: 'up' } };
      expect(bob.peer.updates(room)[0]?.body).toMatchObject({ attribute: 'participants.mute-ada', value });
    }, WAIT);
    expect((await ada.update({ muted: ['microphone'] })).body).toMatchObject({ code: 200, version: 3 });
    expect(node.commands().length).toBe(commands);
  });

  it('that speaks comes first where not everybody is shown', async () => {
    const room = at.room('speak');
    const ada = await participant(signalling, node, 'speak-ada', 'speak', { create: { lastN: 1 } });
    expect((await ada.update({ speaking: true })).body).toMatchObject({ version: 1 });
    const bob = await participant(signalling, node, 'speak-bob', 'speak');
    // Who listens receives one of the two.
    await participant(signalling, node, 'speak-cyd', 'speak', { connections: [] });
    for (const { update } of [ada, bob]) await update({ speaking: true });
    await vi.waitFor(() => {
      expect(node.roster(room)?.speakers).toEqual(['speak-bob']);
      expect(ada.peer.updates(room).at(-1)?.body).toMatchObject({ attribute: 'speakers', value: ['speak-bob'] });
    }, WAIT);
    await bob.leave();
    await vi.waitFor(() => {
      const last = ada.peer.updates(room).map(({ body }) => [body?.version, body?.attribute]);
      expect(last.slice(-2)).toEqual([
        [6, 'participants.speak-bob'],
        [7, 'speakers'],
      ]);
    }, WAIT);
  });

  it('says what it wants to receive, which is the media node’s to know', async () => {
    const subscriptions = { revision: 1, auto: false, choices: [] };
    const ada = await participant(signalling, node, 'want-ada', 'want', { subscriptions });
    expect((await node.join('want-ada')).subscriptions).toEqual(subscriptions);
    const choices = [{ participant: 'x', publication: 'main', subscribed: true, paused: ['video'] }];
    const answered = ada.update({ subscriptions: { revision: 2, auto: false, choices } }, 'want');
    const command = await node.update('want');
    expect(command.subscriptions).toEqual({ revision: 2, auto: false, choices });
    await node.acknowledge(command);
    expect((await answered).body?.code).toBe(200);
  });
});
