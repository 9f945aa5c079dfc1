import { scenario } from './scenario.ts';

/* Agents and media servers end, hang and come back. */

export const NODES = [
  scenario('agent-killed', 'an agent is killed and started again: media go on', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    const before = stage.endpoints();
    node.killAgent();
    await stage.run(8_000);
    await stage.agree(20_000);
    stage.expectKept(before);
    await stage.end();
  }),

  scenario('agent-killed-while-joining', 'an agent is killed while people join', async (stage) => {
    const node = stage.node();
    await stage.people(1);
    await stage.run(3_000);
    await stage.people(2, 'r', 100);
    await stage.run(stage.random.between(0, 400));
    node.killAgent();
    await stage.people(1);
    await stage.agree(45_000);
    await stage.end();
  }),

  scenario('agent-killed-twice', 'an agent is killed, and its successor while it takes over', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.killAgent();
    await stage.run(stage.random.between(500, 3_000));
    node.killAgent();
    await stage.agree(40_000);
    await stage.end();
  }),

  scenario('agent-stopped', 'an agent is stopped in order, and another started', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.stopAgent();
    await stage.run(8_000);
    await stage.agree(40_000);
    await stage.end();
  }),

  scenario(
    'restart-finds-leaves',
    'people leave while there is no agent: its successor is told at once',
    async (stage) => {
      const node = stage.node();
      const [first, second] = await stage.people(4);
      await stage.agree();
      node.killAgent();
      first?.leave();
      second?.leave();
      await stage.agree(8_000);
      await stage.end();
    },
  ),

  scenario('leaves-unheard', 'people leave and vanish while there is no agent', async (stage) => {
    const node = stage.node();
    const [first, second] = await stage.people(4);
    await stage.agree();
    node.killAgent();
    first?.leave();
    second?.kill();
    await stage.agree(15_000);
    await stage.end();
  }),

  scenario('agent-without-state', 'an agent that keeps no state is killed and started again', async (stage) => {
    const node = stage.node({ keepsState: false });
    await stage.people(3);
    await stage.agree();
    node.killAgent();
    await stage.agree(60_000);
    await stage.end();
  }),

  scenario('agent-stall', 'the network of a node is away for a while', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.network.cut();
    await stage.run(stage.random.between(500, 30_000));
    node.network.heal();
    await stage.agree(60_000);
    await stage.end();
  }),

  scenario('kurento-crash', 'Kurento crashes and is started again: everybody has media again', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.crashKurento();
    await stage.agree(20_000);
    await stage.end();
  }),

  scenario('kurento-crash-while-joining', 'Kurento crashes while people join', async (stage) => {
    const node = stage.node();
    await stage.people(1);
    await stage.run(3_000);
    await stage.people(3, 'r', 100);
    node.crashKurento();
    await stage.agree(40_000);
    await stage.end();
  }),

  scenario('kurento-hangs', 'Kurento hangs for a while', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.media.hang();
    await stage.run(stage.random.between(1_000, 20_000));
    node.media.goOn();
    await stage.people(1);
    await stage.agree(60_000);
    await stage.end();
  }),

  scenario('node-crash', 'agent and Kurento end at once, and are started again', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.crash();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('node-lost', 'one of two nodes is lost for good: its rooms move', async (stage) => {
    const nodes = [stage.node(), stage.node()];
    await stage.run(3_000);
    await stage.people(3);
    await stage.agree();
    const node = nodes.find(({ media }) => (media.server?.count ?? 0) > 0);
    if (node) {
      node.supervised = false;
      node.crash();
    }
    await stage.agree(25_000);
    await stage.end();
  }),

  scenario(
    'node-cut-off',
    'one of two nodes loses its network, and comes back to find its rooms moved',
    async (stage) => {
      const nodes = [stage.node(), stage.node()];
      await stage.run(3_000);
      await stage.people(3);
      await stage.agree();
      const node = nodes.find(({ media }) => (media.server?.count ?? 0) > 0);
      node?.network.cut();
      await stage.run(stage.random.between(20_000, 40_000));
      node?.network.heal();
      await stage.agree(60_000);
      await stage.end();
    },
  ),

  scenario('no-node-left', 'the only node is lost; rooms wait until another comes', async (stage) => {
    const node = stage.node();
    await stage.people(3);
    await stage.agree();
    node.supervised = false;
    node.crash();
    await stage.run(stage.random.between(12_000, 40_000));
    stage.node();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('full-node', 'more people than a node has endpoints for: some wait', async (stage) => {
    stage.node({ capacity: 14 });
    await stage.people(3);
    await stage.agree(20_000);
    const more = await stage.people(3);
    await stage.run(20_000);
    for (const page of more) page.leave();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('orphans', 'an agent without state leaves pipelines behind; its successor finds them', async (stage) => {
    const node = stage.node({ keepsState: false });
    const pages = await stage.people(2);
    await stage.agree();
    node.killAgent();
    for (const page of pages) page.leave();
    await stage.clear(60_000);
  }),
];
