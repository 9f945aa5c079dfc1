import { Defect } from '../stage.ts';
import { scenario } from './scenario.ts';

/* Sockets break, networks stall; people want to stay. */

export const SOCKETS = [
  scenario('socket-drop', 'a socket is cut: its owner goes on where it was', async (stage) => {
    stage.node();
    const [first] = await stage.people(3);
    await stage.agree();
    if (first) stage.breakSocket(first);
    await stage.agree(15_000);
    await stage.end();
  }),

  scenario('socket-drops', 'sockets are cut again and again, some while they resume', async (stage) => {
    stage.node();
    const pages = await stage.people(3);
    await stage.agree();
    for (let n = 0; n < 6; n++) {
      const page = stage.random.pick(pages);
      if (page) stage.breakSocket(page);
      await stage.run(stage.random.between(0, 1_500));
    }
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('all-sockets-drop', 'API Gateway loses every connection at once, those of nodes too', async (stage) => {
    stage.node();
    await stage.people(4);
    await stage.agree();
    stage.breakAllSockets();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('drop-while-joining', 'sockets are cut while people join', async (stage) => {
    stage.node();
    for (let n = 0; n < 4; n++) {
      const [page] = await stage.people(1, 'r', 500);
      if (page) stage.breakSocket(page);
    }
    await stage.agree(40_000);
    await stage.end();
  }),

  scenario('short-stall', 'a network is away for some seconds, and TCP outlives it', async (stage) => {
    stage.node();
    const [first] = await stage.people(3);
    await stage.agree();
    first?.network.cut();
    await stage.run(stage.random.between(200, 4_500));
    first?.network.heal();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('long-stall', 'a network is away for so long that its owner is taken for gone', async (stage) => {
    stage.node();
    const [first] = await stage.people(3);
    await stage.agree();
    first?.network.cut();
    await stage.run(stage.random.between(15_000, 60_000));
    first?.network.heal();
    await stage.agree(45_000);
    await stage.end();
  }),

  scenario('last-moment', 'people come back in the moment that they would be given up', async (stage) => {
    stage.node();
    const pages = await stage.people(6, 'r', 300);
    await stage.agree();
    stage.weather.slow = { chance: 0.3, factor: 5 };
    for (const page of pages) {
      stage.breakSocket(page);
      page.network.cut();
    }
    await stage.run(4_900);
    for (const page of pages) {
      page.network.heal();
      await stage.run(stage.random.between(50, 250));
    }
    await stage.agree(40_000);
    await stage.end();
  }),

  scenario('stale-index-drops', 'sockets are cut while indexes are seconds behind', async (stage) => {
    stage.node();
    stage.weather.indexDelay = 6_000;
    const pages = await stage.people(3);
    await stage.agree();
    for (let n = 0; n < 4; n++) {
      const page = stage.random.pick(pages);
      if (page) stage.breakSocket(page);
      await stage.run(stage.random.between(500, 3_000));
    }
    await stage.agree(20_000);
    await stage.end();
  }),

  scenario(
    'network-change',
    'from Wi-Fi to mobile: sockets and media paths are dead at once, and the page is told',
    async (stage) => {
      stage.node();
      const [first] = await stage.people(3);
      await stage.agree();
      if (first) await stage.changeNetwork(first);
      await stage.agree(40_000);
      await stage.end();
    },
  ),

  scenario(
    'late-disconnect',
    '`$disconnect` of a broken socket comes when its owner has long gone on',
    async (stage) => {
      stage.node();
      stage.weather.lateDisconnect = 1;
      const [first] = await stage.people(3);
      await stage.agree();
      if (first) stage.breakSocket(first);
      await stage.run(65_000);
      await stage.agree(10_000);
      await stage.end();
    },
  ),

  scenario('lost-disconnect', '`$disconnect` of broken sockets never comes', async (stage) => {
    stage.node();
    stage.weather.lostDisconnect = 1;
    const pages = await stage.people(3);
    await stage.agree();
    for (const page of pages) if (stage.random.chance(0.6)) stage.breakSocket(page);
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario(
    'chat-through-a-drop',
    'nothing that is written while a socket is away is lost or doubled',
    async (stage) => {
      stage.node();
      const [first, second] = await stage.people(3);
      await stage.agree();
      if (!first || !second) return;
      stage.breakSocket(first);
      const texts = Array.from({ length: 4 }, (_, n) => `while away ${n}`);
      for (const text of texts) {
        second.say(text);
        await stage.run(stage.random.between(0, 400));
      }
      await stage.agree(15_000);
      await stage.until('all has been heard', () => texts.every((text) => first.heard.includes(text)), 5_000);
      await stage.end();
    },
  ),

  scenario(
    'socket-limit',
    'a call outlasts its sockets, which API Gateway ends; nothing is lost or doubled',
    async (stage) => {
      stage.world.cloud.gateway.longest = 40_000;
      stage.node();
      const pages = await stage.people(2);
      await stage.agree();
      const texts: string[] = [];
      for (let n = 0; n < 40; n++) {
        const text = `${n} through the change`;
        pages[n % 2]?.say(text);
        texts.push(text);
        await stage.run(stage.random.between(0, 4_000));
      }
      const heard = () => pages.flatMap((page) => page.heard).sort();
      await stage.until('all has been heard', () => heard().join() === texts.sort().join(), 10_000);
      await stage.agree(10_000);
      await stage.end();
    },
  ),

  scenario('thief', 'somebody who knows an address, but not its secret, does not get it', async (stage) => {
    stage.node();
    const [first] = await stage.people(2);
    await stage.agree();
    const thief = stage.world.thief();
    if (first?.room) thief.steal(first.room.localParticipant.hypertyUrl, first.room.id);
    await stage.until('the thief has been answered', () => thief.codes.length === 2, 5_000);
    const got = thief.codes.filter((code) => code < 300);
    thief.process.kill();
    if (got.length > 0) throw new Defect(`the thief was answered with ${thief.codes}`);
    await stage.agree();
    await stage.end();
  }),
];
