import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Observer } from '@hyperroom/client/syncher';
import { changesOf, type ObjectUpdate } from '@hyperroom/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DOMAIN, type Signalling, startSignalling } from '../signalling/signalling.ts';
import { connect } from './hyperties.ts';

const REPORTER = join(import.meta.dirname, 'reporter-process.ts');
/** How long the reporter keeps it up: 10 for the full length. */
const SECONDS = Number(process.env.SYNCHER_SECONDS ?? 3);
const RATE = 100;

let signalling: Signalling;
beforeAll(async () => {
  signalling = await startSignalling(11);
});
afterAll(() => signalling.close());

test(`${RATE} updates a second, delivered in random order, to a client in another process: each version, in order`, async () => {
  const { signallingUrl } = signalling.emulator;
  const { hyperty, syncher } = await connect(signallingUrl, DOMAIN);
  const observed = new Promise<Observer>((resolve) => {
    syncher.on('notification', (invitation) => resolve(invitation.accept()));
  });
  const updates = SECONDS * RATE;
  const reporter = spawn(
    process.execPath,
    ['--import', 'tsx', REPORTER, signallingUrl, DOMAIN, hyperty.url, `${updates}`, `${RATE}`],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  try {
    const printed = once(createInterface(reporter.stdout), 'line');
    const observer = await observed;
    const first = observer.version;
    const told: number[] = [];
    const shown: number[] = [];
    const arrived: number[] = [];
    const changes = { type: 'update', to: changesOf(observer.url) } as const;
    hyperty.bus.route(changes, ({ version }: ObjectUpdate) => arrived.push(version));
    observer.on('change', ({ version }) => {
      told.push(version);
      shown.push(observer.version);
    });
    const complete = new Promise<void>((resolve) => {
      observer.on('updated', ({ version }) => version === updates && resolve());
    });
    await complete;
    const [line] = await printed;
    expect(observer.object).toEqual(JSON.parse(String(line)));
    expect(told).toEqual(Array.from({ length: updates - first }, (_, index) => first + index + 1));
    expect(shown).toEqual(told);
    // Or else this would prove nothing.
    expect(arrived).not.toEqual(arrived.toSorted((a, b) => a - b));
    const deleted = new Promise<void>((resolve) => observer.on('deleted', resolve));
    reporter.stdin.end();
    await deleted;
    expect(await once(reporter, 'exit')).toEqual([0, null]);
  } finally {
    reporter.kill();
    await hyperty.close();
  }
});
