/** One small chart: curves over the last ten minutes, and what they are at now. */

const WIDTH = 300;
const HEIGHT = 84;
const SPAN = 10 * 60_000;
const COLOURS = ['var(--first)', 'var(--second)'];
const SVG = 'http://www.w3.org/2000/svg';

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** @param {{ title: string, unit?: string, curves: { name: string, of: Function, perMinute?: boolean }[], format?: (value: number) => string }} chart */
export function makeChart({ title, unit = '', curves, format = (value) => numbers.format(value) }) {
  const card = document.createElement('article');
  const heading = element('h3', unit ? `${title}, ${unit}` : title);
  const now = document.createElement('p');
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  const figure = document.createElement('figure');
  figure.append(svg);
  const top = element('span', '');
  top.className = 'top';
  figure.append(top);
  card.append(heading, now, figure);

  return {
    card,
    draw(readings) {
      const lines = curves.map((curve) => pointsOf(curve, readings));
      const most = niceCeiling(Math.max(0, ...lines.flat().map(({ value }) => value)));
      const latest = lines.map((points) => points.at(-1)?.value);
      now.replaceChildren(
        element('b', latest[0] === undefined ? '–' : format(latest[0])),
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
  const small = element('small', index === 0 || isSole ? name : `${name} ${value === undefined ? '–' : format(value)}`);
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
  const polyline = document.createElementNS(SVG, 'polyline');
  polyline.setAttribute('class', 'curve');
  polyline.setAttribute('stroke', COLOURS[index]);
  polyline.setAttribute(
    'points',
    points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
  );
  return polyline;
}

function gridLine(y) {
  const line = document.createElementNS(SVG, 'line');
  for (const [name, value] of Object.entries({ class: 'grid', x1: 0, x2: WIDTH, y1: y, y2: y })) {
    line.setAttribute(name, String(value));
  }
  return line;
}

/** 1, 2 or 5 times a power of ten. */
function niceCeiling(value) {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

export function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
