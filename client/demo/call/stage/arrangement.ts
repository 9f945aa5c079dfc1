import { type Box, grid, type Size } from './grid-layout.ts';

/** Narrower than this, a tile of the grid shows nobody any more. */
const SMALLEST = 150;
/** What the control that turns pages takes, below the pictures. */
const PAGER = 44;

export interface Demand {
  /** How many are shown large. */
  featured: number;
  /** Whether those are screens, which use all the place they get. */
  isScreen: boolean;
  /** How many are shown beside those; if there are none, these have the stage for themselves. */
  others: number;
  page: number;
  stage: Size;
  gap: number;
}

export interface Arrangement {
  featured: Box[];
  others: Box[];
  page: number;
  pages: number;
  /** How many of the others stand on a page. */
  perPage: number;
}

/** Where everything on the stage stands. */
export function arrange(demand: Demand): Arrangement {
  const whole = { x: 0, y: 0, ...demand.stage };
  const arrangement = arranged(demand, whole);
  if (arrangement.pages === 1) return arrangement;
  // There is more than fits: what turns the pages needs a place as well.
  return arranged(demand, { ...whole, height: Math.max(0, whole.height - PAGER) });
}

function arranged(demand: Demand, whole: Box): Arrangement {
  const { featured, isScreen, others, page, stage, gap } = demand;
  if (featured === 0) {
    const step = { x: stage.width + gap, y: 0 };
    const { boxes, ...pages } = grid(others, { area: whole, gap, smallest: SMALLEST, page, step });
    return { featured: [], others: boxes, ...pages };
  }
  const { main, aside } = split(whole, demand);
  const large = isScreen ? cells(featured, main, gap) : unpaged(featured, main, gap);
  const step = { x: 0, y: stage.height + gap };
  const smallest = isWide(stage) ? aside.width : SMALLEST;
  const { boxes, ...pages } = grid(others, { area: aside, gap, smallest, page, step });
  return { featured: large, others: boxes, ...pages };
}

const isWide = ({ width, height }: Size) => width > height * 1.1;

/** Others stand beside what is featured on a wide stage, and below it on a high one. */
function split(whole: Box, { others, stage, gap, featured }: Demand): { main: Box; aside: Box } {
  if (others === 0) return { main: whole, aside: { ...whole, height: 0 } };
  if (isWide(stage)) {
    const width = Math.round(clamp(130, whole.width * 0.2, 260));
    const x = whole.x + whole.width - width;
    return { main: { ...whole, width: whole.width - width - gap }, aside: { ...whole, x, width } };
  }
  const height = Math.round(clamp(whole.height * 0.42, (whole.width * featured * 9) / 16, whole.height * 0.64));
  const y = whole.y + height + gap;
  return { main: { ...whole, height }, aside: { ...whole, y, height: whole.height - height - gap } };
}

function unpaged(count: number, area: Box, gap: number): Box[] {
  return grid(count, { area, gap, smallest: 0, page: 0, step: { x: 0, y: 0 } }).boxes;
}

/** An area cut up without remainder. */
function cells(count: number, { x, y, width, height }: Box, gap: number): Box[] {
  const columns = width > height ? Math.ceil(Math.sqrt(count)) : Math.floor(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const size = {
    width: Math.floor((width - gap * (columns - 1)) / columns),
    height: Math.floor((height - gap * (rows - 1)) / rows),
  };
  return Array.from({ length: count }, (_, index) => ({
    x: x + (index % columns) * (size.width + gap),
    y: y + Math.floor(index / columns) * (size.height + gap),
    ...size,
  }));
}

function clamp(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
