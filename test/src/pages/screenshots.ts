import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { joinDiagram, type Recorder } from '@hyperroom/local/operator';
import type { Page } from 'playwright-core';
import { openTheatre } from './open-theatre.ts';
import { play, STORIES } from './stories.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

interface Size {
  readonly width: number;
  readonly height: number;
}

const SIZES: readonly Size[] = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];
/** A phone is turned for a call. */
const LANDSCAPE: Size = { width: 844, height: 390 };
const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];

interface Picture {
  readonly sight: string;
  readonly size: Size;
  readonly scheme: Scheme;
  readonly file: string;
}

const DESK: Size = { width: 1440, height: 900 };
const PHONE: Size = { width: 390, height: 844 };
/** Faces weigh. */
const LAPTOP: Size = { width: 1280, height: 800 };

/** What the README and docs show. */
const DOCS: readonly Picture[] = [
  { sight: 'before/pre-join', size: DESK, scheme: 'light', file: 'before.png' },
  { sight: 'call/three', size: PHONE, scheme: 'light', file: 'phone.png' },
  { sight: 'call/five', size: LAPTOP, scheme: 'light', file: 'call.png' },
  { sight: 'call/five', size: LAPTOP, scheme: 'dark', file: 'call-dark.png' },
  { sight: 'operator/room', size: DESK, scheme: 'light', file: 'operator.png' },
];
/** Drawn from what was recorded of that sight: the join of somebody who finds others there. */
const DIAGRAM = { sight: 'operator/room', joins: 'Ben', file: 'join.svg' };

export interface ScreenshotOptions {
  /** Only sights whose names have this in them. */
  readonly only: string;
  /** Only what docs show, to where they have it. */
  readonly docs: boolean;
  /** No pictures: the names of the sights. */
  readonly list: boolean;
  /** Default `test-results/screenshots`. */
  readonly out?: string;
  readonly onProgress: (step: string) => void;
  readonly log: (line: string) => void;
}

/** Gives the files, or the names of what there is to be seen. */
export async function takeScreenshots(options: ScreenshotOptions): Promise<string[]> {
  const { only, docs, list, onProgress, log } = options;
  const all = STORIES.flatMap(({ name, sights }) => sights.map((sight) => `${name}/${sight}`));
  const wanted = all.filter((name) => name.includes(only) && (!docs || DOCS.some(({ sight }) => sight === name)));
  if (wanted.length === 0) throw new RangeError(`no state has '${only}' in its name: see --list`);
  if (list) return wanted;
  const folder = docs ? join(ROOT, 'docs/images') : (options.out ?? join(ROOT, 'test-results/screenshots'));
  const files: string[] = [];
  const { theatre, recorder, close } = await openTheatre({ onProgress, log });
  try {
    for await (const { name, page } of play(theatre, (sight) => wanted.includes(sight))) {
      onProgress(`${wanted.indexOf(name) + 1}/${wanted.length} ${name}`);
      for (const picture of docs ? DOCS.filter(({ sight }) => sight === name) : picturesOf(name)) {
        files.push(await take(page, picture, folder));
      }
      if (docs && name === DIAGRAM.sight) files.push(await draw(recorder, folder));
      await page.setViewportSize(DESK);
    }
  } finally {
    await close();
  }
  return files.map((file) => relative(process.cwd(), file));
}

async function draw(recorder: Recorder, folder: string): Promise<string> {
  const join = recorder.requests().find(({ name }) => name === DIAGRAM.joins);
  const recording = join && recorder.recording(join.trace);
  if (!recording) throw new Error(`nobody saw ${DIAGRAM.joins} join`);
  const path = resolve(folder, DIAGRAM.file);
  await writeFile(path, `${joinDiagram(recording)}\n`);
  return path;
}

function picturesOf(sight: string): Picture[] {
  const sizes = /^(call|trouble)/.test(sight) ? [...SIZES, LANDSCAPE] : SIZES;
  return sizes.flatMap((size) =>
    SCHEMES.map((scheme) => ({ sight, size, scheme, file: `${sight}-${size.width}x${size.height}-${scheme}.png` })),
  );
}

async function take(page: Page, { size, scheme, file }: Picture, folder: string): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  // What is under the pointer looks otherwise.
  await page.mouse.move(0, 0);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  // What is laid out anew shows its pictures again with the next frames.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await page.screenshot({ path, animations: 'disabled' });
  return path;
}
