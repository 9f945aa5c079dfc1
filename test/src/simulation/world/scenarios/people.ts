import { scenario } from './scenario.ts';

/* People come, go and vanish; everything else works. */

export const PEOPLE = [
  scenario('meet-and-part', 'two to five meet, and part one by one', async (stage) => {
    stage.node();
    const pages = await stage.people(2 + stage.random.below(4));
    await stage.agree();
    for (const page of pages) {
      page.leave();
      await stage.run(stage.random.between(0, 3_000));
    }
    await stage.clear();
  }),

  scenario('all-at-once', 'eight join an empty room in the same instant', async (stage) => {
    stage.node();
    await stage.run(3_000);
    await stage.people(8, 'r', 0);
    await stage.agree();
    await stage.end();
  }),

  scenario('join-before-node', 'people come before any media node does', async (stage) => {
    await stage.people(2);
    await stage.run(stage.random.between(500, 6_000));
    stage.node();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('revolving-door', 'the last leave races the next joins, again and again', async (stage) => {
    stage.node();
    let [last] = await stage.people(1, 'r', 0);
    for (let round = 0; round < 6; round++) {
      await stage.run(stage.random.between(800, 1_500));
      const pages = await stage.people(3, 'r', 50);
      await stage.run(stage.random.between(0, 150));
      last?.leave();
      last = pages.pop();
      await stage.run(1_000);
      for (const page of pages) page.leave();
    }
    await stage.end();
  }),

  scenario('viewers', 'some publish nothing, and are there all the same', async (stage) => {
    stage.node();
    await stage.people(1);
    for (let n = 0; n < 3; n++) stage.world.page().watch('r');
    await stage.agree();
    await stage.run(40_000);
    await stage.agree(5_000);
    await stage.end();
  }),

  scenario('leave-while-joining', 'people leave before they are in', async (stage) => {
    stage.node();
    for (const page of await stage.people(4, 'r', 300)) {
      await stage.run(stage.random.between(0, 400));
      page.leave();
    }
    await stage.people(2);
    await stage.end();
  }),

  scenario('tab-closed', 'a tab is closed, which says so', async (stage) => {
    stage.node();
    const [first] = await stage.people(3);
    await stage.agree();
    first?.close();
    await stage.agree(3_000);
    await stage.end();
  }),

  scenario('tab-killed', 'a tab is killed; its socket says so: gone for everybody within 10 s', async (stage) => {
    stage.node();
    const [first] = await stage.people(3);
    await stage.agree();
    first?.kill();
    await stage.agree(10_000);
    await stage.end();
  }),

  scenario('tab-killed-unsaid', 'a tab is killed, and `$disconnect` never comes', async (stage) => {
    stage.node();
    stage.weather.lostDisconnect = 1;
    const [first] = await stage.people(3);
    await stage.agree();
    first?.kill();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('silent-death', 'a network dies silently: gone for everybody within 30 s', async (stage) => {
    stage.node();
    const [first] = await stage.people(3);
    await stage.agree();
    first?.perish();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('silent-death-alone', 'the only one in a room dies silently', async (stage) => {
    stage.node();
    const [first] = await stage.people(1);
    await stage.agree();
    first?.perish();
    await stage.clear(60_000);
  }),

  scenario('killed-while-joining', 'tabs are killed while they join', async (stage) => {
    stage.node();
    await stage.people(1);
    await stage.run(2_000);
    for (const page of await stage.people(4, 'r', 200)) {
      await stage.run(stage.random.between(0, 500));
      if (stage.random.chance(0.5)) page.perish();
      else page.kill();
    }
    await stage.agree(60_000);
    await stage.end();
  }),

  scenario('everybody-vanishes', 'all tabs are killed at once', async (stage) => {
    stage.node();
    const pages = await stage.people(4);
    await stage.agree();
    for (const page of pages) page.kill();
    await stage.clear(30_000);
  }),

  scenario('churn', 'people come and go all the time', async (stage) => {
    stage.node();
    for (let round = 0; round < 10; round++) {
      await stage.people(1, 'r', 800);
      const { pages } = stage.world;
      const page = stage.random.pick(pages);
      if (page?.intention === 'in' && stage.random.chance(0.5)) {
        if (stage.random.chance(0.3)) page.kill();
        else page.leave();
      }
    }
    await stage.agree(20_000);
    await stage.end();
  }),

  scenario('two-rooms', 'two rooms on one node know nothing of each other', async (stage) => {
    stage.node();
    await stage.people(3, 'one');
    const [other] = await stage.people(3, 'two');
    await stage.agree();
    other?.kill();
    await stage.agree(20_000);
    await stage.end();
  }),

  scenario('chat', 'everybody writes; nobody hears anything twice, or misses it', async (stage) => {
    stage.node();
    const pages = await stage.people(3);
    await stage.agree();
    const texts: string[] = [];
    for (let n = 0; n < 6; n++) {
      const page = stage.random.pick(pages);
      const text = `${n} of ${page?.name}`;
      texts.push(text);
      page?.say(text);
      await stage.run(stage.random.between(0, 500));
    }
    for (const { name, heard } of pages) {
      const others = texts.filter((text) => !text.endsWith(` ${name}`));
      await stage.until(`${name} has heard all`, () => others.every((text) => heard.includes(text)), 5_000);
    }
    await stage.end();
  }),

  scenario('publications', 'screens come and go, cameras are published anew', async (stage) => {
    stage.node();
    const pages = await stage.people(3);
    await stage.agree();
    for (let n = 0; n < 4; n++) {
      const page = stage.random.pick(pages);
      if (page?.room?.localParticipant.publications.has('screen')) page.stopScreen();
      else page?.shareScreen();
      await stage.run(stage.random.between(0, 2_000));
    }
    await stage.agree();
    await stage.end();
  }),

  scenario('last-n', 'more people than anybody is shown', async (stage) => {
    stage.node();
    const [first] = await stage.people(1);
    first?.leave();
    for (let n = 0; n < 6; n++) {
      stage.world.page().join('few', { create: { lastN: 2 } });
      await stage.run(stage.random.between(0, 600));
    }
    await stage.agree();
    stage.random.pick(stage.world.pages.slice(1))?.leave();
    await stage.agree();
    await stage.end();
  }),
];
