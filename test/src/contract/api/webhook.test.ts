import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { receiveWebhook } from '@hyperroom/client/server';
import type { LifecycleEvent } from '@hyperroom/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinRoom } from '../signalling/joins.ts';
import { at, type MediaNode, WAIT } from '../signalling/signalling.ts';
import { faultsOfWebhook, operating } from './documented.ts';
import { aServerToken, type Scene, startScene } from './scene.ts';

/* What happens in rooms, as a receiver of webhooks is told of it. */

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly answered: number;
}

let scene: Scene;
let node: MediaNode;
let server: Server;
const deliveries: Delivery[] = [];
/** What the receiver answers from now on; then 204. */
const answers: number[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const answered = answers.shift() ?? 204;
      deliveries.push({ headers: request.headers, body, answered });
      response.writeHead(answered).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scene = await startScene({ webhook: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` });
  node = await scene.mediaNode();
});

afterAll(async () => {
  await scene.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** In the spelling of Standard Webhooks. */
const webhookSecret = () => scene.emulator.secrets.webhookSecret ?? '';

/** The events of a room that were taken, each verified. */
async function eventsOf(room: string): Promise<LifecycleEvent[]> {
  const taken = deliveries.filter(({ answered }) => answered === 204);
  const events = await Promise.all(taken.map(({ headers, body }) => receiveWebhook(body, headers, webhookSecret())));
  return events.filter((event) => event.room.id === room);
}

async function waitForEvents(room: string, count: number): Promise<LifecycleEvent[]> {
  return vi.waitFor(async () => {
    const events = await eventsOf(room);
    expect(events).toHaveLength(count);
    return events;
  }, WAIT);
}

async function leave(name: string, room: string, peer: Awaited<ReturnType<Scene['client']>>): Promise<void> {
  const body = { resource: at.room(room) };
  expect((await peer.ask({ type: 'delete', from: at.hyperty(name), to: at.conference, body })).body?.code).toBe(200);
}

const what = ({ event }: LifecycleEvent) => event;

describe('a webhook', () => {
  it('is told of a room’s life, signed, as the document says', async () => {
    const operate = operating(scene.emulator.httpApiUrl);
    await operate('createRoom', {
      token: await aServerToken(),
      body: { id: 'told', options: { metadata: { title: 'Told' } } },
    });
    const ada = await scene.client();
    await joinRoom(ada, node, 'ada', 'told', { metadata: { team: 'blue' } });
    await leave('ada', 'told', ada);
    const events = await waitForEvents('told', 6);
    expect(events.map(what).sort()).toEqual(
      [
        'room.started',
        'participant.joined',
        'publication.started',
        'publication.ended',
        'participant.left',
        'room.ended',
      ].sort(),
    );
    expect(new Set(events.map(({ id }) => id)).size).toBe(6);
    expect(new Set(events.map(({ room }) => room.incarnation)).size).toBe(1);
    for (const { body } of deliveries) expect(faultsOfWebhook(JSON.parse(body))).toEqual([]);
    const byName = Object.fromEntries(events.map((event) => [event.event, event]));
    expect(byName['room.started']?.room).toMatchObject({ url: at.room('told'), metadata: { title: 'Told' } });
    expect(byName['participant.joined']).toMatchObject({
      participant: { id: 'ada', hypertyURL: at.hyperty('ada'), identity: { name: 'ada' }, metadata: { team: 'blue' } },
    });
    expect(byName['publication.started']).toMatchObject({
      publication: { name: 'main', sources: ['microphone', 'camera'] },
    });
    expect(byName['participant.left']).toMatchObject({ participant: { id: 'ada' }, reason: 'left' });
  });

  it('that fails gets the same event again, and no other', async () => {
    answers.push(500, 500);
    const before = deliveries.length;
    const bob = await scene.client();
    await joinRoom(bob, node, 'bob', 'retried', { connections: [] });
    await waitForEvents('retried', 2);
    const tries = deliveries.slice(before);
    const failed = tries.filter(({ answered }) => answered === 500);
    expect(failed).toHaveLength(2);
    for (const { headers, body } of failed) {
      const again = tries.find((one) => one.answered === 204 && one.headers['webhook-id'] === headers['webhook-id']);
      expect(again?.body).toBe(body);
    }
    expect(tries).toHaveLength(4);
    await leave('bob', 'retried', bob);
  });

  it('that is gone is not asked again, and the room is none the worse', async () => {
    await waitForEvents('retried', 4);
    const before = deliveries.length;
    answers.push(410, 410);
    const cleo = await scene.client();
    await joinRoom(cleo, node, 'cleo', 'unwanted', { connections: [] });
    await leave('cleo', 'unwanted', cleo);
    const [first, second] = await waitForEvents('unwanted', 2);
    expect(new Set([first?.id, second?.id]).size).toBe(2);
    const ids = deliveries.slice(before).map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([4, 4]);
  });

  it('is signed with its own secret, and with nothing that clients know', async () => {
    const [{ body, headers } = { body: '', headers: {} }] = deliveries;
    await expect(receiveWebhook(body, headers, scene.emulator.secretValue)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(receiveWebhook(`${body} `, headers, webhookSecret())).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
