import { element, makeChart } from './chart.js';

const INTERVAL = 2_000;

const curve = (name, of, perMinute = false) => ({ name, of, perMinute });
const rate = (name, of) => curve(name, of, true);
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 });

const charts = [
  { title: 'Joins', unit: 'a minute', curves: [rate('let in', (r) => r.joins), rate('refused', (r) => r.refusals)] },
  { title: 'Join time', unit: 'ms', curves: [curve('p50', (r) => r.joinTimeP50), curve('p99', (r) => r.joinTimeP99)] },
  {
    title: 'Participants',
    curves: [curve('in rooms', (r) => r.participants), curve('open sockets', (r) => r.connections)],
  },
  { title: 'Rooms', curves: [curve('at media nodes', (r) => r.rooms)] },
  { title: 'Endpoints', curves: [curve('at media nodes', (r) => r.endpoints)] },
  { title: 'Node load', unit: '%', curves: [curve('of capacity', (r) => r.nodeLoad)] },
  { title: 'Media nodes', curves: [curve('that take rooms', (r) => r.nodes)] },
  {
    title: 'Messages',
    unit: 'a minute',
    curves: [rate('from clients', (r) => r.messagesUp), rate('to clients', (r) => r.messagesDown)],
  },
  { title: 'Invocations', unit: 'a minute', curves: [rate('of functions', (r) => r.invocations)] },
  { title: 'Errors', unit: 'a minute', curves: [rate('in logs of functions', (r) => r.errors)] },
  { title: 'Table', unit: 'items a minute', curves: [rate('read', (r) => r.reads), rate('written', (r) => r.writes)] },
  {
    title: 'Price so far on AWS',
    curves: [curve('messages, requests, items', (r) => r.dollars)],
    format: (value) => (value === 0 ? '$0' : money.format(value)),
  },
].map(makeChart);

document.querySelector('#charts').append(...charts.map(({ card }) => card));
const state = document.querySelector('#state');
const alarmList = document.querySelector('#alarms');

function alarmItem({ name, state, description }) {
  const item = document.createElement('li');
  item.dataset.state = state;
  item.title = description;
  item.append(
    element('span', state.toLowerCase().replace('_', ' ')),
    element('strong', name.replace(/Alarm$/, '')),
    element('p', description),
  );
  return item;
}

async function refresh() {
  try {
    const response = await fetch('figures.json');
    const { readings, alarms } = await response.json();
    for (const { draw } of charts) draw(readings);
    alarmList.replaceChildren(...alarms.map(alarmItem));
    document.body.dataset.readings = readings.length;
    state.textContent = `live figures of the last ten minutes, ${new Date().toLocaleTimeString()}`;
  } catch {
    state.textContent = 'the stack does not answer: has it ended?';
  }
  setTimeout(refresh, INTERVAL);
}

refresh();
