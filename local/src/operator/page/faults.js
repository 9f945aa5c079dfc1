import { element, show } from './dom.js';

/** Buttons that break something, each with what to watch and what is promised. */

const token = document.querySelector('meta[name=operator-token]').content;

export function showFaults(container, done, { faults, rooms, nodes }) {
  const people = rooms.flatMap(({ id, participants }) => participants.map((who) => [who.id, `${who.name} in ${id}`]));
  const machines = nodes.map(({ id }) => [id, id]);
  const targets = { participant: people, node: machines, nobody: undefined };
  const chosen = Object.fromEntries(
    [...container.querySelectorAll('select')].map(({ dataset, value }) => [dataset.key, value]),
  );
  show(container, { faults, people, machines }, () =>
    faults.map((fault) => card(fault, targets[fault.target], chosen[`target-${fault.id}`], done)),
  );
}

function card({ id, title, does, watch, promise, target, disabled, isOn }, targets, chosen, done) {
  const select = targets && picker(id, title, targets, chosen);
  const cannot = disabled ?? (targets?.length === 0 ? `There is no ${target} at the moment.` : undefined);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'primary',
      'data-key': id,
      'data-testid': id,
      'aria-describedby': `${id}-does`,
      'aria-pressed': isOn,
      disabled: cannot !== undefined,
      onclick: () => void inject(id, select?.value ?? '', done),
    },
    title,
  );
  return element(
    'article',
    { class: 'card fault' },
    element('div', { class: 'act' }, select, button),
    element('p', { id: `${id}-does` }, does),
    cannot && element('p', { class: 'cannot' }, cannot),
    element('dl', {}, ...pair('Watch', watch), ...pair('Promised', promise)),
  );
}

function pair(name, text) {
  return [element('dt', {}, name), element('dd', {}, text)];
}

function picker(id, title, targets, chosen) {
  const options = targets.map(([value, words]) => element('option', { value, selected: value === chosen }, words));
  return element(
    'select',
    { 'aria-label': `${title}: whose`, 'data-key': `target-${id}`, disabled: targets.length === 0 },
    ...options,
  );
}

async function inject(fault, target, done) {
  done.textContent = '…';
  const response = await fetch('faults', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator-token': token },
    body: JSON.stringify({ fault, target }),
  });
  const { said, error } = await response.json();
  done.textContent = `${new Date().toLocaleTimeString()}  ${said ?? error}`;
  done.classList.toggle('bad', !response.ok);
}
