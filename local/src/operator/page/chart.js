import { element, svgElement } from './dom.js';

/** One small chart: curves over the last ten minutes, and what they are at now. */

const WIDTH = 300;
const HEIGHT = 84;
const SPAN = 10 * 60_000;
const COLOURS = ['var(--first)', 'var(--second)'];

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** @param {{ title: string, unit?: string, curves: { name: string, of: Function, perMinute?: boolean }[], format?: (value: number) => string }} chart */
export function makeChart({ title, unit = '', curves, format = (value) => numbers.format(value) }) {
  const now = element('p');
  const svg = svgElement('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
  const top = element('span', { class: 'top' });
  const heading = element('h3', {}, unit ? `${title}, ${unit}` : title);
  const card = element('article', { class: 'card chart' }, heading, now, element('figure', {}, svg, top));

  return {
    card,
    draw(readings) {
      const lines = curves.map((curve) => pointsOf(curve, readings));
      const most = niceCeiling(Math.max(0, ...lines.flat().map(({ value }) => value)));
      const latest = lines.map((points) => points.at(-1)?.value);
      now.replaceChildren(
        element('b', {}, latest[0] === undefined ? '–' : format(latest[0])),
        ...curves.map((curve, index) => legend(curve.name, index, curves.length, latest[index], format)),
      );
      top.textContent = format(most);
      svg.setAttribute('aria-label', `${title}: ${latest.map((value) => value ?? 'nothing').join(', ')}`);
      const end = readings.at(-1)?.at ?? 0;
      svg.replaceChildren(
        gridLine(1),
        gridLine(HEIGHT - 1),
        ...lines.map((points, index) => curveOf(points, end, most, index)),
      );
    },
  };
}

function legend(name, index, count, value, format) {
  const isSole = count === 1;
  const words = index === 0 || isSole ? name : `${name} ${value === undefined ? '–' : format(value)}`;
  const small = element('small', {}, words);
  small.style.setProperty('--colour', COLOURS[index]);
  return small;
}

/** What is counted is shown as its growth in a minute, over the last half of one. */
function pointsOf({ of, perMinute }, readings) {
  return readings.flatMap((reading, index) => {
    if (!perMinute) {
      const value = of(reading);
      return value === null ? [] : [{ at: reading.at, value }];
    }
    const before = readings[Math.max(0, index - 15)];
    const elapsed = reading.at - before.at;
    return elapsed === 0 ? [] : [{ at: reading.at, value: ((of(reading) - of(before)) * 60_000) / elapsed }];
  });
}

function curveOf(points, end, most, index) {
  const x = (at) => WIDTH - ((end - at) / SPAN) * WIDTH;
  const y = (value) => HEIGHT - 1 - (most === 0 ? 0 : (value / most) * (HEIGHT - 2));
  const places = points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
  return svgElement('polyline', { class: 'curve', stroke: COLOURS[index], points: places.join(' ') });
}

function gridLine(y) {
  return svgElement('line', { class: 'grid', x1: 0, x2: WIDTH, y1: y, y2: y });
}

/** 1, 2 or 5 times a power of ten. */
function niceCeiling(value) {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}
