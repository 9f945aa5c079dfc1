import { bringBack, loseNode, nodeOf } from '../bench/gap-faults.ts';
import { byTestId, type Story, untilSeen } from './sight.ts';

const banner = (kind: string) => `${byTestId('banner')}[data-kind="${kind}"]`;

/** What somebody sees in a call that somebody wants to get into, or that something keeps from going on. */
export const trouble: Story = {
  name: 'trouble',
  sights: ['knocking', 'waiting-list', 'reconnecting', 'playback-blocked', 'media-waiting'],
  async *play(theatre) {
    const room = theatre.newRoom('town-hall');
    const page = await theatre.call(room, { options: { waitingRoom: true } });
    await page.waitForSelector(byTestId('alone'));
    await theatre.knock({ name: 'Ben', room });
    await page.waitForSelector(byTestId('knock'));
    yield { name: 'knocking', page };
    await page.click(byTestId('panel-people'));
    await page.waitForSelector(byTestId('waiting-list'));
    yield { name: 'waiting-list', page };
    await page.click(byTestId('admit'));
    await untilSeen(page, 2);
    await page.click(byTestId('panel-people'));

    const mend = theatre.cut(page);
    await page.waitForSelector(banner('reconnecting'));
    yield { name: 'reconnecting', page };
    mend();
    await page.waitForSelector(banner('reconnecting'), { state: 'detached' });

    const silent = await theatre.call(theatre.newRoom('silence'), { autoplay: 'blocked' });
    await silent.waitForSelector(byTestId('alone'));
    await theatre.bring({ name: 'Cleo', room: new URL(silent.url()).searchParams.get('room') ?? '' });
    await silent.waitForSelector(banner('playback'));
    yield { name: 'playback-blocked', page: silent };

    const node = await nodeOf(theatre.stack, room);
    await loseNode(node);
    await page.waitForSelector(banner('waiting'));
    yield { name: 'media-waiting', page };
    await bringBack(node);
    await page.waitForSelector(banner('waiting'), { state: 'detached' });
  },
};
