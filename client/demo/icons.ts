/** Line icons on a 24-unit grid: what is drawn, by name. */
const PATHS = {
  microphone: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  microphoneOff:
    'M9 9v3a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.7-1.3M5.5 11.5A6.5 6.5 0 0 0 16 16.6M18.3 13.2a6.5 6.5 0 0 0 .2-1.7M12 18v3M4 3.5l16 17',
  camera: 'M3.5 8.5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2ZM14.5 10.8l6-3.3v9l-6-3.3',
  cameraOff:
    'M9.5 6.5h3a2 2 0 0 1 2 2v3M14.5 14.5v1a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 1.4-1.9M14.5 10.8l6-3.3v9l-3-1.6M4 3.5l16 17',
  leave:
    'M3 14.2c0-4 4-6.2 9-6.2s9 2.2 9 6.200v1.300a1 1 0 0 1-1.2 1l-3.4-.7a1 1 0 0 1-.8-.9l-.2-2.100a13 13 0 0 0-6.8 0l-.2 2.100a1 1 0 0 1-.8.9l-3.4.7a1 1 0 0 1-1.2-1Z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.700l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.700l1-1',
  check: 'M5 12.5l4.5 4.500L19 7.5',
  people:
    'M9 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.500a6.5 6.5 0 0 1 13 0M16 5a3.3 3.3 0 0 1 0 6.300M18 14.200a6 6 0 0 1 3.5 5.3',
  shuffle:
    'M3.5 7h3.200c1.3 0 2.5.7 3.2 1.800l4.2 6.400a3.8 3.8 0 0 0 3.2 1.800h3M3.5 17h3.200c1.3 0 2.5-.7 3.2-1.800M14 9a3.8 3.8 0 0 1 3.3-2h3M18 4.5 20.5 7 18 9.500M18 14.500l2.5 2.5-2.5 2.5',
  warning: 'M12 4 2.8 19.500h18.400ZM12 10v4.500M12 17.200v.1',
} as const;

export type Icon = keyof typeof PATHS;

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
