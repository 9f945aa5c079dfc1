import { makeCharts, showAlarms } from './charts.js';
import { plural } from './dom.js';
import { showFaults } from './faults.js';
import { makeInspector } from './inspector.js';
import { showNodes, showRooms } from './rooms.js';
import { makeStrip } from './strip.js';

const FIGURES_EVERY = 2_000;
const OVERVIEW_EVERY = 1_000;

const at = (id) => document.querySelector(`#${id}`);
const strip = makeStrip(at('strip'), at('parts'));
// Whoever has no mouse scrolls it with the keys.
at('strip').tabIndex = 0;
const drawCharts = makeCharts(at('charts'));
const inspector = makeInspector({
  list: at('requests'),
  filter: at('filter'),
  joinsOnly: at('joins-only'),
  diagram: at('diagram'),
  cost: at('cost'),
  links: at('links'),
});

async function refreshFigures() {
  const { readings, alarms } = await json('figures.json');
  drawCharts(readings);
  showAlarms(at('alarms'), alarms);
  const latest = readings.at(-1);
  strip.count({
    browser: plural(latest.connections, 'open socket'),
    gateway: plural(latest.messagesUp + latest.messagesDown, 'message'),
    function: plural(latest.invocations, 'invocation'),
  });
  document.body.dataset.readings = readings.length;
}

async function refreshOverview() {
  const overview = await json('overview.json');
  const { rooms, nodes, items, demo } = overview;
  at('demo').href = demo;
  showRooms(at('rooms'), { rooms, demo }, inspector.followParticipant);
  showNodes(at('nodes'), nodes);
  showFaults(at('faults'), at('done'), overview);
  const pipelines = nodes.flatMap((node) => node.pipelines ?? []);
  const endpoints = pipelines.reduce((sum, pipeline) => sum + pipeline.endpoints, 0);
  const isHeard = nodes.some((node) => node.pipelines);
  strip.count({
    table: plural(items, 'item'),
    agent: plural(nodes.length, 'media node'),
    kurento: isHeard ? plural(endpoints, 'endpoint') : 'does not answer',
  });
  inspector.refresh();
}

async function json(path) {
  return (await fetch(path)).json();
}

/** Again and again, as long as anybody looks. */
async function repeat(work, every) {
  if (!document.hidden) await work().then(isHere, isAway);
  setTimeout(() => repeat(work, every), every);
}

function isHere() {
  tell('live');
}

function isAway() {
  tell('the stack does not answer: has it ended?');
}

/** Said once, not every second. */
function tell(words) {
  if (at('state').textContent !== words) at('state').textContent = words;
  at('state').classList.toggle('live', words === 'live');
}

const news = new EventSource('news');
news.onmessage = ({ data }) => {
  const { pulses, requests } = JSON.parse(data);
  if (!document.hidden) strip.pulse(pulses);
  if (requests) inspector.update(requests);
};

void repeat(refreshFigures, FIGURES_EVERY);
void repeat(refreshOverview, OVERVIEW_EVERY);
