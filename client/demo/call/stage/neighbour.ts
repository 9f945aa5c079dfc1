import type { Box } from './grid-layout.ts';

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

const VECTORS: Record<Direction, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest of the boxes in a direction; undefined if there is none. */
export function neighbour(boxes: ReadonlyMap<string, Box>, from: string, direction: Direction): string | undefined {
  const start = boxes.get(from);
  if (!start) return undefined;
  const [right, down] = VECTORS[direction];
  let best: { key: string; distance: number } | undefined;
  for (const [key, box] of boxes) {
    const x = middle(box).x - middle(start).x;
    const y = middle(box).y - middle(start).y;
    const ahead = x * right + y * down;
    // To the side counts twice: what lies straight ahead is meant.
    const distance = ahead + 2 * Math.abs(x * down + y * right);
    if (key !== from && ahead > 1 && (!best || distance < best.distance)) best = { key, distance };
  }
  return best?.key;
}

const middle = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });

export function isDirection(key: string): key is Direction {
  return Object.hasOwn(VECTORS, key);
}
