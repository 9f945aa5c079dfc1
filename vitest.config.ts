import { defineConfig } from 'vitest/config';

const WITH_PREACT = [
  { find: /^react$/, replacement: new URL('./client/src/react/testing/preact.mjs', import.meta.url).pathname },
  { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
  { find: /^react\/jsx-(dev-)?runtime$/, replacement: 'preact/jsx-runtime' },
];

// The groups run one after another: on two cores a browser's call and a suite beside it would time each other out.
// What waits more than it computes has two or three workers even there.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{protocol,functions,media-agent,client,infra,local}/**/*.test.{ts,tsx}',
            'test/src/{bench,call,chromium,simulation}/**/*.test.ts',
          ],
          maxWorkers: 2,
          // Half of what they take would be the loading of the same modules for each file.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      // The page is built with Preact in place of React: what is said of the hooks holds for both.
      {
        resolve: { alias: WITH_PREACT },
        test: {
          name: 'unit-preact',
          include: ['client/src/react/*.test.tsx'],
          // What only React has: its profiler, and rendering on a server.
          exclude: ['**/*.react.test.tsx'],
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/src/contract/**/*.test.ts'],
          exclude: ['test/src/contract/faults/*'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/src/conformance/**/*.test.ts'],
          globalSetup: 'test/src/conformance/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/src/browser/*.test.ts'],
          globalSetup: 'test/src/browser/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What is said by one page takes its time to be seen on another.
          expect: { poll: { timeout: 10_000 } },
          fileParallelism: false,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'firefox',
          include: ['test/src/firefox/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      // Every state of the call page, one after another, for axe-core and the page's budgets.
      {
        test: {
          name: 'pages',
          include: ['test/src/pages/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      // What breaks running calls, by real time and with real media: it takes minutes, so `npm test` leaves it to the simulation.
      {
        test: {
          name: 'faults',
          include: ['test/src/{browser,contract}/faults/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
