import { element, plural, show } from './dom.js';

/** Rooms with who is in them, and media nodes with what they carry. */

export function showRooms(container, { rooms, demo }, onFollow) {
  show(container, { rooms, demo }, () =>
    rooms.length === 0 ? [nobody(demo)] : rooms.map((room) => roomCard(room, onFollow)),
  );
}

export function showNodes(container, nodes) {
  const rough = nodes.map((node) => ({ ...node, heard: node.heard > 3_500 ? 'late' : 'fresh' }));
  show(container, rough, () => rough.map(nodeCard));
}

function nobody(demo) {
  const link = element('a', { href: demo, target: '_blank', rel: 'noopener' }, 'call page');
  return element('p', { class: 'empty' }, 'Nobody is in a room. Open the ', link, ' in two tabs, and come back here.');
}

function roomCard({ id, version, epoch, node, options, participants, waiting }, onFollow) {
  const facts = [
    ['media node', node || 'waits for one'],
    ['epoch', epoch],
    ['version', version],
    ...Object.entries(options).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : value,
    ]),
  ];
  return element(
    'article',
    { class: 'card wide', 'data-testid': 'room' },
    element('h3', {}, id, ' ', element('small', {}, plural(participants.length, 'participant'))),
    chips(facts),
    element(
      'div',
      { class: 'scroll' },
      element('table', {}, tableHead(), element('tbody', {}, ...participants.map((who) => row(who, onFollow)))),
    ),
    waiting.length > 0 && element('p', {}, `waiting to be admitted: ${waiting.join(', ')}`),
  );
}

function tableHead() {
  const columns = ['name', 'role', 'publishes', 'muted', 'trace'];
  return element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, name))));
}

function row({ id, name, role, status, publications, muted, blocked }, onFollow) {
  const published = publications.map(({ name: publication, kinds, media }) =>
    element('span', { class: `chip ${media}` }, `${publication}: ${kinds.join(' + ')}, ${media}`),
  );
  const silenced = [...muted, ...blocked.map((source) => `${source} (blocked)`)].join(', ');
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      name,
      status === 'disconnected' && element('span', { class: 'chip bad' }, 'disconnected'),
    ),
    element('td', {}, role),
    element('td', {}, ...(published.length > 0 ? published : ['nothing'])),
    element('td', {}, silenced || '–'),
    element(
      'td',
      {},
      element('button', { type: 'button', 'data-key': `follow-${id}`, onclick: () => onFollow(id) }, `Follow ${name}`),
    ),
  );
}

function nodeCard({
  id,
  capacity,
  load,
  draining,
  rooms,
  participants,
  heard,
  away,
  agentRestarts,
  engineRestarts,
  pipelines,
}) {
  const percent = capacity === 0 ? '–' : Math.round((load / capacity) * 100);
  const state = away ? 'away' : draining ? 'draining' : heard === 'late' ? 'late' : 'takes rooms';
  const facts = [
    ['state', state],
    ['rooms', rooms],
    ['participants', participants],
    ['agent started again', agentRestarts],
    ...(engineRestarts === undefined ? [] : [['engine started again', engineRestarts]]),
  ];
  const held = pipelines?.map(({ room, endpoints }) =>
    element('li', {}, `pipeline of ${room}: ${plural(endpoints, 'endpoint')}`),
  );
  return element(
    'article',
    { class: 'card wide', 'data-testid': 'node' },
    element('h3', {}, id, ' ', element('small', {}, 'media node')),
    element(
      'label',
      { class: 'load' },
      element('span', {}, `${load} of ${capacity} endpoints (${percent} %)`),
      meter(load, capacity),
    ),
    chips(facts),
    element(
      'p',
      { class: 'faint' },
      held === undefined
        ? 'Kurento does not answer.'
        : held.length === 0
          ? 'Kurento holds no pipeline.'
          : 'Kurento itself says that it holds',
    ),
    held?.length > 0 && element('ul', { class: 'held' }, ...held),
  );
}

function meter(value, max) {
  return element('meter', { min: 0, max: Math.max(max, 1), value, high: max * 0.9 });
}

function chips(facts) {
  return element(
    'dl',
    { class: 'chips' },
    ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, String(value)))),
  );
}
