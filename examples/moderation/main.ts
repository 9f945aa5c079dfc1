import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { HyperroomServer, type LifecycleEvent, receiveWebhook } from '@hyperroom/client/server';

const { HYPERROOM_API = '', HYPERROOM_SECRET = '', HYPERROOM_WEBHOOK_SECRET = '', PORT = '8090' } = process.env;
const ROOM = 'town-hall';

const server = new HyperroomServer({ url: HYPERROOM_API, secret: HYPERROOM_SECRET });
await server.createRoom(ROOM, { metadata: { title: 'Town hall' } });

// What happens in rooms is posted here.
createServer(async (request, response) => {
  try {
    const event = await receiveWebhook(await text(request), request.headers, HYPERROOM_WEBHOOK_SECRET);
    response.writeHead(204).end();
    await handle(event);
  } catch (error) {
    console.error(error);
    if (!response.headersSent) response.writeHead(400).end();
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log(`The doors of ${ROOM} are open.`));

/** Whoever comes is muted, and told how to get the floor. */
async function handle(event: LifecycleEvent): Promise<void> {
  if (event.event !== 'participant.joined' || event.room.id !== ROOM) return;
  const { id, identity } = event.participant;
  await server.updateParticipant(ROOM, id, { blocked: ['microphone'] });
  await server.sendData(ROOM, { topic: 'chat', data: `Welcome, ${identity.name}. Questions go here.`, to: [id] });
  console.log(`${identity.name} has come, and listens.`);
}
