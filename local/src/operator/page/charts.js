import { makeChart } from './chart.js';
import { element, show } from './dom.js';

const curve = (name, of, perMinute = false) => ({ name, of, perMinute });
const rate = (name, of) => curve(name, of, true);
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 });
const dollars = (value) => (value === 0 ? '$0' : money.format(value));

const CHARTS = [
  { title: 'Joins', unit: 'a minute', curves: [rate('let in', (r) => r.joins), rate('refused', (r) => r.refusals)] },
  { title: 'Join time', unit: 'ms', curves: [curve('p50', (r) => r.joinTimeP50), curve('p99', (r) => r.joinTimeP99)] },
  {
    title: 'Participants',
    curves: [curve('in rooms', (r) => r.participants), curve('open sockets', (r) => r.connections)],
  },
  { title: 'Rooms', curves: [curve('at media nodes', (r) => r.rooms)] },
  {
    title: 'Messages',
    unit: 'a minute',
    curves: [rate('from clients', (r) => r.messagesUp), rate('to clients', (r) => r.messagesDown)],
  },
  {
    title: 'Posts that did not arrive',
    curves: [curve('failed', (r) => r.postFailures), curve('client gone (410)', (r) => r.postsGone)],
  },
  { title: 'Invocations', unit: 'a minute', curves: [rate('of functions', (r) => r.invocations)] },
  { title: 'Table', unit: 'items a minute', curves: [rate('read', (r) => r.reads), rate('written', (r) => r.writes)] },
  { title: 'Price so far on AWS', curves: [curve('all of it', (r) => r.dollars)], format: dollars },
  {
    title: 'Price per million joins',
    curves: [curve('all of it, over joins', (r) => r.dollarsPerMillionJoins)],
    format: dollars,
  },
  { title: 'Endpoints', curves: [curve('at media nodes', (r) => r.endpoints)] },
  { title: 'Node load', unit: '%', curves: [curve('of capacity', (r) => r.nodeLoad)] },
  { title: 'Media nodes', curves: [curve('that take rooms', (r) => r.nodes)] },
  { title: 'Errors', unit: 'a minute', curves: [rate('in logs of functions', (r) => r.errors)] },
];

export function makeCharts(container) {
  const charts = CHARTS.map(makeChart);
  container.append(...charts.map(({ card }) => card));
  return (readings) => {
    for (const { draw } of charts) draw(readings);
  };
}

export function showAlarms(container, alarms) {
  show(container, alarms, () => alarms.map(alarmItem));
}

function alarmItem({ name, state, description }) {
  return element(
    'li',
    { 'data-state': state, title: description },
    element('span', {}, state.toLowerCase().replace('_', ' ')),
    element('strong', {}, name.replace(/Alarm$/, '')),
    element('p', {}, description),
  );
}
