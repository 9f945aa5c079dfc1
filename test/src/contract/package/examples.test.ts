import { join } from 'node:path';
import { DEVELOPMENT_SECRET } from '@hyperroom/local';
import type { Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, expect, it, onTestFailed, vi } from 'vitest';
import { Cast } from '../../browser/member.ts';
import { useOwnScene } from '../../browser/scene.ts';
import { freePort } from '../../free-port.ts';
import { ExampleProcess } from './example-process.ts';
import { ScratchProject } from './scratch-project.ts';

const SOON = { timeout: 20_000, interval: 100 };

const webhookPort = await freePort();
const scene = useOwnScene({ webhook: `http://127.0.0.1:${webhookPort}/` });

let project: ScratchProject;
let server: PreviewServer;
const processes: ExampleProcess[] = [];

beforeAll(async () => {
  project = await ScratchProject.create();
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.end()));
  await scene().closePages();
});
afterAll(async () => {
  await server?.close();
  await project?.remove();
});

/** As `npm run example` has it: the domain is the host's name. */
function signalling(): string {
  return scene().stack.signalling.replace('127.0.0.1', 'localhost');
}

async function open(path: string, errors: string[]): Promise<Page> {
  const context = await scene().browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(`${path}: ${error.message}`));
  onTestFailed(() => console.error(`${path} said:`, errors));
  await page.goto(new URL(path, server.resolvedUrls?.local[0]).href);
  return page;
}

function run(example: string): ExampleProcess {
  const { stack } = scene();
  const environment = {
    HYPERROOM_URL: signalling(),
    HYPERROOM_API: stack.api,
    HYPERROOM_SECRET: DEVELOPMENT_SECRET,
    HYPERROOM_WEBHOOK_SECRET: stack.emulator.secrets.webhookSecret ?? '',
    PORT: String(webhookPort),
  };
  const process = new ExampleProcess(join(project.folder, example), environment);
  processes.push(process);
  return process;
}

/** Waits until so many videos have each shown more than a glimpse. */
async function expectPictures(page: Page, count: number): Promise<void> {
  const frames = () =>
    page.evaluate(
      `[...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames)`,
    );
  await vi.waitFor(async () => {
    expect(await frames()).toEqual(Array.from({ length: count }, () => expect.toSatisfy((shown) => shown > 10)));
  }, SOON);
}

const NODENEXT = { module: 'nodenext', moduleResolution: 'nodenext' };
const STRICT = { strict: true, noEmit: true, skipLibCheck: false, target: 'ES2022' };
const BROWSER = { lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'] };

/* As a bundler resolves them, they are read with the examples. */
it('the declarations stand by themselves for Node, with every library checked', async () => {
  const modulesOf = await project.modules();
  const imports = modulesOf.map(
    (subpath, index) => `export * as e${index} from '@hyperroom/client${subpath.slice(1)}';`,
  );
  await project.write('everything.ts', imports.join('\n'));
  const everything = { ...STRICT, ...NODENEXT, ...BROWSER, types: [] };
  expect(await project.typeErrors({ compilerOptions: everything, files: ['everything.ts'] })).toBe('');
  await project.write('back-end.ts', `export * from '@hyperroom/client/server';`);
  const node = { ...STRICT, ...NODENEXT, lib: ['ES2023', 'ESNext.Disposable'], types: ['node'] };
  expect(await project.typeErrors({ compilerOptions: node, files: ['back-end.ts'] })).toBe('');
});

it('every module loads in Node, where applications are rendered and tested', async () => {
  const paths = (await project.modules()).map((subpath) => `@hyperroom/client${subpath.slice(1)}`);
  await project.write(
    'load.js',
    `for (const path of ${JSON.stringify(paths)}) await import(path);
    const { FakeServer } = await import('@hyperroom/client/testing');
    const server = new FakeServer();
    const ada = await server.client().join('standup', { name: 'Ada', create: true });
    await server.join('standup', { name: 'Ben' });
    console.log([...ada.participants.values()].map(({ name }) => name));
    await server.close();`,
  );
  // That it ends by itself says that nothing is left.
  expect(await project.run('load.js')).toBe("[ 'Ben' ]\n");
});

it('the examples are well typed', async () => {
  expect(
    await project.typeErrors({ extends: './tsconfig.json', exclude: ['packed', 'everything.ts', 'back-end.ts'] }),
  ).toBe('');
});

it('Vite builds the pages', async () => {
  const root = project.folder;
  const define = { 'import.meta.env.VITE_HYPERROOM_URL': JSON.stringify(signalling()) };
  await build({ root, define, logLevel: 'error' });
  server = await preview({ root, preview: { port: 0, host: '127.0.0.1' } });
});

it('minimal-call is a call, and observe-room sees who is in it', async () => {
  const observer = run('observe-room');
  await vi.waitFor(() => expect(observer.said).toContain('Waiting'), SOON);
  const errors: string[] = [];
  const pages = [await open('minimal-call/', errors), await open('minimal-call/', errors)];
  for (const page of pages) await expectPictures(page, 1);
  const both = Array(2).fill('Somebody (microphone and camera)').join(', ');
  await vi.waitFor(() => expect(observer.said.trim().split('\n')).toContain(both), SOON);
  await pages[0]?.close();
  await vi.waitFor(async () => expect(await pages[1]?.locator('video').count()).toBe(0), SOON);
  await pages[1]?.close();
  expect(await observer.ended(), observer.said).toBe(0);
  expect(observer.said).toContain('It is over.');
  expect(errors).toEqual([]);
});

it('react-call is a call', async () => {
  const errors: string[] = [];
  const [ada, ben] = [await open('react-call/', errors), await open('react-call/', errors)];
  for (const [name, page] of [['Ada', ada] as const, ['Ben', ben] as const]) {
    await page.getByRole('textbox').fill(name);
    await page.getByRole('button', { name: 'Join' }).click();
  }
  for (const page of [ada, ben]) await expectPictures(page, 2);
  await ben.getByText('Ada').first().waitFor();
  await ada.getByRole('button', { name: 'Leave' }).click();
  await ada.getByText('You have left').waitFor();
  await ben.getByText('Ada').waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});

it('screen-share shows a screen to who has come', async () => {
  const errors: string[] = [];
  const [viewer, sharer] = [await open('screen-share/', errors), await open('screen-share/', errors)];
  await sharer.getByRole('button').click();
  await expectPictures(viewer, 1);
  await sharer.getByRole('button').click();
  await viewer.locator('video').waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});

it('chat passes on what is written', async () => {
  const errors: string[] = [];
  const [reader, writer] = [await open('chat/', errors), await open('chat/?name=Ada', errors)];
  await reader.getByRole('textbox', { disabled: false }).waitFor();
  await writer.getByRole('textbox').fill('Good morning');
  await writer.getByRole('textbox').press('Enter');
  await reader.getByText('Ada: Good morning').waitFor();
  await writer.getByText('Ada: Good morning').waitFor();
  expect(errors).toEqual([]);
});

it('moderation mutes and welcomes whoever comes', async () => {
  const backEnd = run('moderation');
  await vi.waitFor(() => expect(backEnd.said).toContain('open'), SOON);
  const cast = await Cast.open(scene());
  const ben = await cast.arrive('Ben');
  expect(await ben.join('town-hall', {}, false)).toEqual({ value: null });
  await vi.waitFor(async () => {
    expect(await ben.events('muted')).toEqual([expect.arrayContaining(['microphone'])]);
    expect(JSON.stringify(await ben.events('chatMessage'))).toContain('Welcome, Ben');
    expect(backEnd.said).toContain('Ben has come');
  }, SOON);
});

it('shared-list is seen elsewhere as it is', async () => {
  const list = run('shared-list');
  expect(await list.ended(), list.said).toBe(0);
  expect(list.said.trim().split('\n').at(-1)).toMatch(/^Breakfast, version \d: bread, /);
});
