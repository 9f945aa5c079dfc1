// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeServer } from '../../../src/fake/index.ts';
import { doing, stubReact } from '../../../src/react/testing/mount.tsx';
import { type Call, useCall } from '../context.ts';
import { byTestId, mountInCall } from '../testing/in-call.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { SHORTCUTS } from './shortcuts.ts';
import { useShortcuts } from './use-shortcuts.ts';

let server: FakeServer;
let call: Call;

function Keyboard() {
  useShortcuts(useCall());
  return (
    <>
      <HelpDialog />
      <textarea />
    </>
  );
}

stubReact();
beforeEach(async () => {
  localStorage.clear();
  server = new FakeServer();
  const room = await server.client().join('standup', { name: 'Ada', create: true });
  ({ call } = await mountInCall(room, <Keyboard />));
});
afterEach(() => server.close());

const press = (key: string, target: EventTarget = document.body) =>
  doing(() => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));

it('opens panels, views, reactions and the help', async () => {
  await press('c');
  expect(call.ui.state.panel).toBe('chat');
  await press('p');
  expect(call.ui.state.panel).toBe('people');
  await press('p');
  await press('g');
  await press('r');
  expect(call.ui.state).toMatchObject({ panel: undefined, view: 'speaker', areReactionsShown: true });
  await press('?');
  expect(byTestId('help-dialog')).not.toBeNull();
});

it('is listed in the help, each key with what it does', async () => {
  await press('?');
  const listed = [...document.querySelectorAll('.shortcuts > div')].map((row) => row.textContent);
  for (const [key, { label }] of Object.entries(SHORTCUTS)) expect(listed).toContain(label + key.toUpperCase());
});

it('leaves letters to what is written, and everything to a dialog', async () => {
  const text = document.querySelector('textarea') ?? document.body;
  await press('c', text);
  expect(call.ui.state.panel).toBeUndefined();
  await press('p');
  await press('Escape', text);
  expect(call.ui.state.panel).toBeUndefined();
  await press('?');
  await press('c');
  expect(call.ui.state.panel).toBeUndefined();
});

it('does without letters for whoever wants none, the next time as well', async () => {
  await press('?');
  await doing(() => byTestId('shortcuts-on')?.click());
  await doing(() => call.ui.change({ isHelpShown: false }));
  for (const key of ['p', 'g', '?']) await press(key);
  expect(call.ui.state).toMatchObject({ panel: undefined, view: 'grid', isHelpShown: false });
  await doing(() => call.ui.change({ isHelpShown: true }));
  expect(byTestId('shortcuts-on')).toHaveProperty('checked', false);
});
