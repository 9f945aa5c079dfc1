import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { iceServersFor } from '../../../../media-agent/src/ice-servers.ts';
import { pageScript } from '../../call/page-script.ts';
import { launchChromium } from '../../chromium/launch.ts';
import { Coturn, PUBLIC_ADDRESS } from '../../coturn/coturn.ts';
import { Cast, SOON } from '../member.ts';
import { useOwnScene } from '../scene.ts';
import { idOf, leaveAll } from './watching.ts';

const coturn = await Coturn.start((step) => console.error(step));
const scene = useOwnScene({ turn: coturn });
let withoutUdp: Browser;

beforeAll(async () => {
  withoutUdp = await launchChromium({ frameRate: 15, udp: false });
});
afterEach(() => scene().closePages());
afterAll(async () => {
  await withoutUdp.close();
  await coturn[Symbol.asyncDispose]();
});

/** Four seconds of it are the SDK's, the rest a busy machine's. */
const IN_THE_END = { timeout: 30_000, interval: 100 };

describe('a participant whose network lets no UDP through', () => {
  it('is seen and heard by the relay, and nobody else goes by it', async () => {
    const nothing = await scene().inventory();
    const [near, far] = [await Cast.open(scene()), await Cast.open(scene(), withoutUdp)];
    await addRelayScript(far.page);
    await run(far.page, 'announce', '127.0.0.1', PUBLIC_ADDRESS);
    const ben = await near.join('Ben', 'no-udp');
    const ada = await far.join('Ada', 'no-udp');
    const ways = async () => [...new Set(await waysOf(far.page))];
    await vi.waitFor(async () => expect(await ways()).toEqual(['relayed over tcp']), IN_THE_END);
    for (const [who, from] of [
      [ada, ben],
      [ben, ada],
    ] as const) {
      await who.expectMore(from, 'video');
      await who.expectMore(from, 'audio');
    }
    expect((await waysOf(near.page)).join()).not.toContain('relayed');
    expect(coturn.served).toEqual(new Set([await idOf(ada)]));

    expect(await ada.publish(['video'], 'screen')).toEqual({ value: null });
    await ben.expectMore(ada, 'video', 'screen');
    await leaveAll([ada, ben]);
    await scene().expectNothingSince(nothing);
  });
});

describe('the relay', () => {
  it('is given to nobody without credentials of the day', async () => {
    const page = await relayPage(withoutUdp);
    const found = (iceServers: unknown[]) => run(page, 'candidates', { iceServers });
    const day = 24 * 3600 * 1_000;
    const [good] = iceServersFor(coturn, 'Eve', Date.now());
    const [expired] = iceServersFor(coturn, 'Eve', Date.now() - day - 1_000);
    const [stranger] = iceServersFor({ urls: coturn.urls, secret: 'a guess' }, 'Eve', Date.now());
    expect(await found([])).toEqual([]);
    expect(await found([expired])).toEqual([]);
    expect(await found([stranger])).toEqual([]);
    expect(coturn.served).not.toContain('Eve');
    expect(await found([good])).toEqual(['relay']);
    expect(coturn.served).toContain('Eve');
  });

  it('leads to its own host, and nowhere else', async () => {
    const page = await relayPage(withoutUdp);
    const forbidden = [
      '169.254.169.254',
      '10.0.0.1',
      '172.31.0.2',
      '192.168.1.1',
      '100.64.0.1',
      '127.0.0.2',
      '192.0.2.1',
    ];
    await run(page, 'reach', iceServersFor(coturn, 'Eve', Date.now()), forbidden);
    const denied = () =>
      forbidden.filter((address) => coturn.lines.some((line) => line.includes(`peer IP ${address} denied`)));
    await vi.waitFor(() => expect(denied()).toEqual(forbidden), SOON);
  });
});

async function waysOf(page: Page): Promise<string[]> {
  return page.evaluate('hyperroomProbe.ways()');
}

async function relayPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(new URL('config.json', scene().stack.demo).href);
  await addRelayScript(page);
  return page;
}

async function addRelayScript(page: Page): Promise<void> {
  await page.addScriptTag({ content: await pageScript('relay.ts') });
}

function run(page: Page, command: string, ...parameters: unknown[]): Promise<unknown> {
  return page.evaluate(`hyperroomRelay.${command}(...${JSON.stringify(parameters)})`);
}
