import { afterEach, describe, expect, it } from 'vitest';
import { killAndRestart } from '../../bench/gap-faults.ts';
import { watchGaps } from '../../bench/gap-watch.ts';
import { useOwnScene } from '../scene.ts';
import { call, expectNobodyCameOrWent, expectNothingLost, idOf, leaveAll } from './watching.ts';

const scene = useOwnScene();

afterEach(() => scene().closePages());

describe('a media agent that is started again', () => {
  it.for(['SIGKILL', 'SIGTERM'] as const)('goes on with its calls after %s, without a picture lost', async (signal) => {
    const { agent } = scene().stack;
    const before = await scene().inventory();
    const { cast, room, members } = await call(scene(), `agent-${signal}`, { Ada: {}, Ben: {} });
    const ids = await Promise.all(members.map(idOf));
    const gaps = await watchGaps(members, () => killAndRestart(agent, signal));
    expectNothingLost(gaps);
    await expectNobodyCameOrWent(members, ids);

    // Who comes when it is just gone is let in by its successor.
    await agent.kill(signal);
    const cleo = await cast.join('Cleo', room);
    for (const member of members) {
      await member.expectMore(cleo, 'video');
      await cleo.expectMore(member, 'video');
    }
    // What it took over it can still change, and release.
    const [ada, ben] = members;
    if (!ada || !ben) throw new Error('two came');
    await ben.do('participants.@Ada.publications.main.pause', 'video');
    await ben.expectNothing(ada, 'video');
    await leaveAll([...members, cleo]);
    await scene().expectNothingSince(before);
    expect(agent.restarts).toBeGreaterThanOrEqual(2);
  });
});
