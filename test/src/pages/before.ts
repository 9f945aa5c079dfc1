import type { Pose } from './pose.ts';
import { byTestId, type Sight, type Story } from './sight.ts';
import type { Theatre } from './theatre.ts';

const TROUBLES = ['denied', 'missing', 'busy'] as const satisfies readonly Pose['devices'][];

/** What somebody sees before a call. */
export const before: Story = {
  name: 'before',
  sights: [
    'pre-join',
    'room-options',
    'asking',
    'denied',
    'missing',
    'busy',
    'device-help',
    'invited',
    'waiting-room',
    'refused',
    'full',
  ],
  async *play(theatre) {
    yield* alone(theatre);
    yield* atTheDoor(theatre);
  },
};

async function* alone(theatre: Theatre): AsyncGenerator<Sight> {
  const first = await theatre.visit();
  await first.fill(byTestId('name'), 'Ada Lovelace');
  await first.waitForSelector(byTestId('preview'));
  yield { name: 'pre-join', page: first };
  await first.getByText('Room options', { exact: true }).click();
  yield { name: 'room-options', page: first };
  await theatre.clear();
  yield { name: 'asking', page: await theatre.visit({ devices: 'asking' }) };
  for (const devices of TROUBLES) {
    const page = await theatre.visit({ devices });
    await page.waitForSelector(byTestId('device-trouble'));
    yield { name: devices, page };
    if (devices !== 'busy') continue;
    await page.click(byTestId('device-help'));
    await page.waitForSelector(byTestId('device-dialog'));
    yield { name: 'device-help', page };
  }
  await theatre.clear();
}

async function* atTheDoor(theatre: Theatre): AsyncGenerator<Sight> {
  const invited = await theatre.visit({ name: 'Ben', query: { room: 'morning-tea' } });
  await invited.fill(byTestId('name'), 'Ben');
  await invited.waitForSelector(byTestId('preview'));
  yield { name: 'invited', page: invited };
  await theatre.clear();

  const room = theatre.newRoom('lounge');
  const host = await theatre.call(room, { name: 'Cleo', options: { waitingRoom: true, capacity: 2 } });
  await host.waitForSelector(byTestId('call'));
  const guest = await theatre.call(room);
  await guest.waitForSelector(byTestId('waiting'));
  yield { name: 'waiting-room', page: guest };
  await host.click(byTestId('panel-people'));
  await host.click(byTestId('refuse'));
  await guest.waitForSelector(byTestId('notice'));
  yield { name: 'refused', page: guest };
  await theatre.clear();

  const small = theatre.newRoom('small');
  const owner = await theatre.call(small, { name: 'Cleo', options: { capacity: 1 } });
  await owner.waitForSelector(byTestId('call'));
  const late = await theatre.call(small);
  await late.waitForSelector(byTestId('notice'));
  yield { name: 'full', page: late };
  await theatre.clear();
}
