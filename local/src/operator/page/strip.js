import { element, show, svgElement } from './dom.js';

/** The parts of the system, and what passes between them as it passes. */

const WIDTH = 1000;
const HEIGHT = 236;
const BOX = { width: 172, height: 66 };

const PARTS = {
  browser: {
    name: 'Browsers',
    x: 10,
    y: 14,
    about: 'The SDK: one frame up asks to join, with every offer in it; one comes down with every answer.',
  },
  gateway: {
    name: 'API Gateway',
    x: 276,
    y: 14,
    about: 'Holds the WebSockets, of browsers and agents alike. Each frame is one invocation.',
  },
  function: {
    name: 'Functions',
    x: 542,
    y: 14,
    about: 'Messaging node, registry and conference. They decide by pure rules, and keep nothing.',
  },
  table: {
    name: 'DynamoDB',
    x: 808,
    y: 14,
    about: 'All state, in one table. A join is one conditional write, which gives the whole room back.',
  },
  kurento: {
    name: 'Kurento',
    x: 10,
    y: 156,
    about: 'The media server: an endpoint for each connection. It forwards, and never decodes.',
  },
  agent: {
    name: 'Media agent',
    x: 276,
    y: 156,
    about: 'Beside Kurento: carries commands out, answers browsers itself, tells how media are.',
  },
};

/** What is somewhere else in a deployment. */
const ZONES = [
  { name: 'AWS; here an emulator of it', x: 264, y: 2, width: 730, height: 112 },
  { name: 'a media host; here two processes', x: -2, y: 144, width: 716, height: 90 },
];

/** From where to where, by link. */
const LINKS = {
  'browser-gateway': [182, 36, 276, 36],
  'gateway-browser': [276, 58, 182, 58],
  'gateway-function': [448, 47, 542, 47],
  'function-table': [714, 47, 808, 47],
  'gateway-agent': [350, 80, 350, 156],
  'agent-gateway': [374, 156, 374, 80],
  'agent-kurento': [276, 178, 182, 178],
  'kurento-agent': [182, 200, 276, 200],
};

const PULSE_MS = 650;
const isStill = matchMedia('(prefers-reduced-motion: reduce)');

export function makeStrip(container, parts) {
  const counts = new Map();
  const lines = new Map();
  const svg = svgElement('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: 'strip',
    role: 'img',
    'aria-label':
      'Browsers talk to API Gateway, which invokes functions, which use DynamoDB. API Gateway talks to the media agent, which drives Kurento. Media flow between browsers and Kurento.',
  });
  for (const { name, ...box } of ZONES) {
    svg.append(svgElement('rect', { class: 'zone', rx: 18, ...box }));
    svg.append(textAt(box.x + box.width - 14, box.y + box.height - 9, name, 'zone-name'));
  }
  for (const [link, [x1, y1, x2, y2]] of Object.entries(LINKS)) {
    const line = svgElement('line', { x1, y1, x2, y2, class: 'link' });
    lines.set(link, line);
    svg.append(line);
  }
  svg.append(
    svgElement('line', { class: 'media', x1: 84, y1: 80, x2: 84, y2: 156 }),
    svgElement('line', { class: 'media', x1: 92, y1: 80, x2: 92, y2: 156 }),
    textAt(104, 116, 'audio and video', 'note'),
    textAt(388, 133, 'commands, reports', 'note'),
  );
  const dots = svgElement('g', { class: 'dots' });
  svg.append(dots);
  for (const [id, { name, x, y }] of Object.entries(PARTS)) {
    const count = textAt(x + 16, y + 51, '', 'count');
    counts.set(id, count);
    svg.append(
      svgElement('rect', { class: `part ${id}`, x, y, width: BOX.width, height: BOX.height, rx: 14 }),
      textAt(x + 16, y + 29, name, 'name'),
      count,
    );
  }
  container.append(svg);
  parts.append(
    ...Object.values(PARTS).map(({ name, about }) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, about)),
    ),
  );

  return {
    count(values) {
      for (const [id, text] of Object.entries(values)) show(counts.get(id), text, (words) => words);
    },
    pulse(pulses) {
      for (const [link, times] of Object.entries(pulses)) {
        glow(lines.get(link));
        if (!isStill.matches) for (let n = 0; n < Math.min(times, 3); n += 1) travel(dots, LINKS[link], n);
      }
    },
  };
}

function textAt(x, y, text, name) {
  return svgElement('text', { x, y, class: name }, text);
}

function glow(line) {
  for (const animation of line.getAnimations()) animation.cancel();
  line.animate([{ stroke: 'var(--accent)', strokeWidth: 3 }, {}], { duration: PULSE_MS * 1.6, easing: 'ease-out' });
}

function travel(dots, [x1, y1, x2, y2], order) {
  const dot = svgElement('circle', { r: 5, cx: 0, cy: 0, class: 'dot' });
  dots.append(dot);
  const at = (x, y) => ({ transform: `translate(${x}px, ${y}px)` });
  const animation = dot.animate([at(x1, y1), at(x2, y2)], {
    duration: PULSE_MS,
    delay: order * 110,
    easing: 'ease-in-out',
    fill: 'backwards',
  });
  animation.finished.then(
    () => dot.remove(),
    () => dot.remove(),
  );
}
