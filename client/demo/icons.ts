import { type IconName, PATHS } from './parts/icon-paths.ts';

export { SOURCE_ICONS } from './parts/icon-paths.ts';
export type Icon = IconName;

const SVG = 'http://www.w3.org/2000/svg';

/** A picture beside words, or on a button that has a label: hidden from screen readers. */
export function icon(name: Icon): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
