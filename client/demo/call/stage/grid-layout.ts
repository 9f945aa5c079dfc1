/** Tiles between these proportions (width by height) look like people. */
const NARROWEST = 6 / 5;
const WIDEST = 16 / 9;

/** Where something stands. All measures are CSS pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface GridOptions {
  area: Box;
  gap: number;
  /** Below this width nobody is recognised any more: rather than that, further tiles go to further pages. */
  smallest: number;
  /** The page to be seen. The others lie before and after it, outside of the area. */
  page: number;
  /** How far it is from one page to the next. */
  step: { x: number; y: number };
}

export interface Grid {
  boxes: Box[];
  page: number;
  pages: number;
  perPage: number;
}

/** `count` equal tiles that fill an area best, on as many pages as they take. */
export function grid(count: number, { area, gap, smallest, page: wanted, step }: GridOptions): Grid {
  const perPage = tileSize(count, area, gap).width >= smallest ? count : fitting(area, gap, smallest);
  const onOne = Math.max(1, Math.min(count, perPage));
  const size = tileSize(onOne, area, gap);
  const pages = Math.max(1, Math.ceil(count / onOne));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const boxes = Array.from({ length: pages }, (_, index) => {
    const offset = { x: (index - page) * step.x, y: (index - page) * step.y };
    const here = Math.min(onOne, count - index * onOne);
    return placed(here, size, { ...area, x: area.x + offset.x, y: area.y + offset.y }, gap);
  });
  return { boxes: boxes.flat(), page, pages, perPage: onOne };
}

/** The size at which `count` equal tiles fill an area best. */
export function tileSize(count: number, { width, height }: Size, gap: number): Size {
  let best = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = fitted((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows);
    if (tile.width * tile.height > best.width * best.height) best = tile;
  }
  return best;
}

/** The largest tile of a sound proportion inside a cell. */
function fitted(width: number, height: number): Size {
  const cell = { width: Math.max(0, Math.floor(width)), height: Math.max(0, Math.floor(height)) };
  return {
    width: Math.min(cell.width, Math.floor(cell.height * WIDEST)),
    height: Math.min(cell.height, Math.floor(cell.width / NARROWEST)),
  };
}

/** How many tiles of at least this width an area takes. */
function fitting({ width, height }: Size, gap: number, smallest: number): number {
  const columns = Math.floor((width + gap) / (smallest + gap));
  const rows = Math.floor((height + gap) / (smallest / WIDEST + gap));
  return Math.max(1, columns) * Math.max(1, rows);
}

/** Tiles of one size in the middle of an area; the last row stands in the middle too. */
function placed(count: number, { width, height }: Size, area: Box, gap: number): Box[] {
  const most = Math.max(1, Math.floor((area.width + gap) / (width + gap)));
  const rows = Math.ceil(count / most);
  const columns = Math.ceil(count / rows);
  const top = area.y + (area.height - rows * (height + gap) + gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = area.x + (area.width - inRow * (width + gap) + gap) / 2;
    const x = Math.round(left + (index % columns) * (width + gap));
    return { x, y: Math.round(top + row * (height + gap)), width, height };
  });
}
