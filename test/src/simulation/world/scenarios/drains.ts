import type { MediaNode } from '../node/media-node.ts';
import { Defect, type Stage } from '../stage.ts';
import { scenario } from './scenario.ts';

/* Hosts of media nodes go, and come when somebody needs them. */

/** Longer than any function believes in a list of nodes. */
const KNOWN = 6_500;
const LONG = 600_000;

/** Two nodes; people on the one that is returned, and more on the other. */
async function quieterNode(stage: Stage): Promise<MediaNode> {
  stage.node();
  stage.node();
  await stage.run(3_000);
  await stage.people(2, 'quiet');
  await stage.agree();
  await stage.run(KNOWN);
  await stage.people(4, 'busy');
  await stage.agree();
  if (stage.nodeOf('quiet') === stage.nodeOf('busy')) throw new Defect('both rooms are on one node');
  return stage.nodeOf('quiet');
}

export const DRAINS = [
  scenario('drain', 'a node drains: it takes no more rooms, and goes when those it has are over', async (stage) => {
    const node = await quieterNode(stage);
    node.drain({ finishMs: LONG, limitMs: 2 * LONG });
    await stage.run(KNOWN);
    await stage.people(2, 'late');
    await stage.agree();
    if (stage.nodeOf('late') === node) throw new Defect('a node that drains has been given a room');
    if (stage.nodeOf('quiet') !== node) throw new Defect('a room has been moved before its time');
    for (const page of stage.world.pages) if (page.room?.id === 'quiet') page.leave();
    await stage.until('the node has not gone', () => node.hasGone, 30_000);
    await stage.end();
  }),

  scenario('drain-moves', 'a node drains: what does not end is moved, and nobody misses a moment', async (stage) => {
    const node = await quieterNode(stage);
    const stays = stage.stays('quiet');
    node.drain({ finishMs: stage.random.between(0, 10_000) });
    await stage.untilSeeing('the node has not gone', () => node.hasGone, 60_000);
    await stage.agree();
    if (String(stage.stays('quiet')) !== String(stays)) throw new Defect('somebody has lost the place');
    await stage.end();
  }),

  scenario(
    'drain-no-other',
    'the only node drains: it stays for as long as it can, and another takes over',
    async (stage) => {
      const node = stage.node();
      await stage.people(3);
      await stage.agree();
      node.drain({ finishMs: 0, limitMs: 40_000 });
      await stage.untilSeeing('it has been long enough', () => stage.world.scheduler.now > 30_000, 60_000);
      const isInTime = stage.random.chance(0.5);
      if (isInTime) stage.node();
      await stage.until('the node has not gone', () => node.hasGone, 60_000);
      if (!isInTime) stage.node();
      await stage.agree(30_000);
      await stage.end();
    },
  ),

  scenario('drain-shaken', 'a node drains while its agent is killed, and sockets are lost', async (stage) => {
    const node = await quieterNode(stage);
    node.drain({ finishMs: 5_000 });
    await stage.run(stage.random.between(0, 20_000));
    if (stage.random.chance(0.5)) node.killAgent();
    else stage.breakAllSockets();
    await stage.until('the node has not gone', () => node.hasGone, 200_000);
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('starting', 'people come before there is a node: they wait until one is started', async (stage) => {
    const pages = await stage.people(3);
    await stage.run(stage.random.between(20_000, 150_000));
    stage.node();
    await stage.agree(30_000);
    for (const { name, waits, refusals } of pages) {
      if (refusals.length > 0) throw new Defect(`${name} was sent away: ${refusals[0]}`);
      if (!waits.includes('media')) throw new Defect(`${name} has not been told what it waits for`);
    }
    await stage.end();
  }),
];
