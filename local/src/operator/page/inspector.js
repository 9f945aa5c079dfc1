import { element, plural, show } from './dom.js';
import { showFrame } from './frame.js';

/** The list of requests, and the diagram of the chosen one. */

const VERBS = { join: 'joins', offer: 'offers more', return: 'returns' };
/** A join goes on for a while after its answer: its media have yet to flow. */
const GROWS_MS = 8_000;

export function makeInspector({ list, filter, joinsOnly, diagram, cost, links }) {
  let requests = [];
  let chosen;
  /** Until somebody chooses, the newest join is shown. */
  let isFollowingNewest = true;

  function listed() {
    const wanted = filter.value.trim().toLowerCase();
    const isWanted = ({ name = '', room, participant, kind }) =>
      (kind === 'join' || !joinsOnly.checked) && `${name} ${room} ${participant}`.toLowerCase().includes(wanted);
    return requests.filter(isWanted);
  }

  function draw() {
    const model = { requests: listed(), chosen };
    show(list, model, () => (model.requests.length === 0 ? [nothing(requests)] : model.requests.map(button)));
  }

  function button(request) {
    const { trace, name, participant, kind, room, code, ms, at } = request;
    const when = element('time', { datetime: new Date(at).toISOString() }, new Date(at).toLocaleTimeString());
    const outcome = code === undefined ? 'no answer yet' : `${code} · ${ms} ms`;
    return element(
      'button',
      {
        type: 'button',
        'data-key': trace,
        'data-testid': 'request',
        'aria-pressed': trace === chosen,
        onclick: () => choose(trace),
      },
      element('strong', {}, `${name ?? nameOf(participant)} ${VERBS[kind]}`),
      element('span', {}, room),
      element('small', { class: code >= 300 ? 'bad' : undefined }, outcome),
      when,
    );
  }

  /** Only a join says who somebody is. */
  function nameOf(participant) {
    return requests.find((other) => other.participant === participant && other.name)?.name ?? participant.slice(0, 8);
  }

  function choose(trace) {
    isFollowingNewest = false;
    follow(trace);
  }

  function follow(trace) {
    chosen = trace;
    draw();
    void drawDiagram(trace);
  }

  async function drawDiagram(trace) {
    const [svg, recording] = await Promise.all([
      fetch(`recordings/${trace}.svg`).then((response) => (response.ok ? response.text() : undefined)),
      fetch(`recordings/${trace}.json`).then((response) => (response.ok ? response.json() : undefined)),
    ]);
    if (trace !== chosen || !svg || !recording) return;
    cost.textContent = costLine(recording);
    show(links, trace, () => [
      element('a', { href: `recordings/${trace}.json`, download: `${trace}.json` }, 'recording (JSON)'),
      element('a', { href: `recordings/${trace}.svg`, download: `${trace}.svg` }, 'picture (SVG)'),
    ]);
    show(diagram, svg, () => [interactive(svg, recording)]);
  }

  filter.addEventListener('input', draw);
  joinsOnly.addEventListener('change', draw);
  return {
    /** New requests, or new answers to old ones. */
    update(all) {
      requests = all;
      const newest = all.find(({ kind }) => kind === 'join') ?? all[0];
      if (isFollowingNewest && newest && newest.trace !== chosen) follow(newest.trace);
      else draw();
    },
    /** While it grows, the diagram is drawn again. */
    refresh() {
      const request = requests.find(({ trace }) => trace === chosen);
      if (request && Date.now() - request.at < GROWS_MS) void drawDiagram(chosen);
    },
    /** Shows what one participant has asked for, newest join first. */
    followParticipant(id) {
      filter.value = '';
      const request = requests.find(({ participant, kind }) => participant === id && kind === 'join');
      if (request) choose(request.trace);
      diagram.closest('section').scrollIntoView({ block: 'start' });
    },
  };
}

function nothing(requests) {
  return element(
    'p',
    { class: 'empty' },
    requests.length === 0 ? 'Nobody has joined yet.' : 'Nobody like that has joined lately.',
  );
}

function costLine({ cost: { messages, invocations, reads, writes, perMillion } }) {
  const dollars = perMillion.toLocaleString('en', { style: 'currency', currency: 'USD' });
  const took = [
    plural(messages, 'message'),
    plural(invocations, 'invocation'),
    plural(reads, 'read'),
    plural(writes, 'write'),
  ];
  return `${took.join(', ')} until it was answered: ${dollars} per million, before the news to others and compute time`;
}

/** The picture with its arrows as buttons. Its own style is the page's, as a file: a strict policy takes no other. */
function interactive(svg, recording) {
  const { documentElement } = new DOMParser().parseFromString(svg.replace(/<style>.*?<\/style>/s, ''), 'image/svg+xml');
  for (const arrow of documentElement.querySelectorAll('[data-hop]')) {
    const hop = recording.hops[Number(arrow.dataset.hop)];
    const open = () => showFrame(hop, recording, arrow);
    arrow.setAttribute('tabindex', '0');
    arrow.setAttribute('role', 'button');
    arrow.dataset.key = `hop-${arrow.dataset.hop}`;
    // It is called what stands at it.
    arrow.setAttribute('aria-description', `${hop.from} to ${hop.to}`);
    arrow.addEventListener('click', open);
    arrow.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      open();
    });
  }
  return documentElement;
}
